/**
 * The one map from an error to what a client sees: code, text of the registry, correlation id, safe fields. Whatever is
 * not a DomainError is INTERNAL, and its message stays here: driver messages hold values. A database that went away is
 * UNREACHABLE: ask again, and the idempotency key tells whether it had happened.
 */
import { isDomainError, type ErrorCode, type SafeFields } from '#kernel';
import { transportOf } from '#protocol';

export interface PublishedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly correlationId: string;
  readonly fields: SafeFields;
}

export function publish(error: unknown, correlationId: string): PublishedError {
  const code = isDomainError(error) ? error.code : isDatabaseGone(error) ? 'UNREACHABLE' : 'INTERNAL';
  return { code, message: transportOf(code).en, correlationId, fields: isDomainError(error) ? error.fields : {} };
}

/** The challenge that goes with a 401 (RFC 9449 7.1); the algorithm list is all it tells. */
export function challengeFor(code: ErrorCode): string | null {
  if (code !== 'UNAUTHENTICATED' && code !== 'CREDENTIAL_EXPIRED') return null;
  return 'DPoP error="invalid_token", algs="ES256"';
}

const SOCKET_FAULTS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * Connection exceptions (SQLSTATE 08), operator intervention (57P), too many connections (53300), a socket that broke or is
 * not there, and the driver's own words for a connection that ended or could not be had.
 */
export function isDatabaseGone(error: unknown): boolean {
  const { code, syscall, message } = driverErrorOf(error);
  if (typeof code === 'string') return /^(08...|57P..|53300)$/.test(code) || SOCKET_FAULTS.has(code) || (code === 'ENOENT' && syscall === 'connect');
  return typeof message === 'string' && /^(Connection terminated|Client has encountered a connection error|timeout expired|timeout exceeded when trying to connect|Client was closed)/.test(message);
}

function driverErrorOf(error: unknown): { code?: unknown; syscall?: unknown; message?: unknown } {
  const outer = (error ?? {}) as { driverError?: object };
  return outer.driverError ?? outer;
}

/**
 * What a service answered, as the DomainError of its published code. Nothing of an answer is believed but a code of
 * the closed list, a correlation id and flat safe fields.
 */
import { DomainError, isUuid, type ErrorCode, type SafeFields } from '#kernel';
import { isErrorCode } from '#protocol';

export class ServiceError extends DomainError {}

/** @param status of HTTP, for answers without a published code (a proxy, a crash). */
export function serviceErrorOf(service: string, status: number, body: unknown): ServiceError {
  const { code, correlationId, fields } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const safe = { ...safeFieldsOf(fields), service, ...(isUuid(correlationId) ? { correlationId } : {}) };
  return new ServiceError(isErrorCode(code) ? code : codeOfStatus(status), `${service} answered ${status}`, safe);
}

export function unreachable(service: string, cause: unknown): ServiceError {
  return new ServiceError('UNREACHABLE', `${service} cannot be reached`, { service, reason: reasonOf(cause) }, { cause });
}

/** Transient answers may be tried again: every request of the agent is idempotent. */
export function retriesOfServiceError(error: unknown): number {
  if (!(error instanceof ServiceError)) return 0;
  if (error.code === 'UNREACHABLE' || error.code === 'STATUS_STALE' || error.code === 'IDEMPOTENCY_IN_PROGRESS') return Number.POSITIVE_INFINITY;
  if (error.code === 'LIMIT_EXCEEDED' && error.fields.limit === 'uploads') return Number.POSITIVE_INFINITY; // the hub's queue of uploads is full for now
  return error.code === 'INTERNAL' ? 6 : 0;
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 413) return 'PAYLOAD_TOO_LARGE';
  if (status === 429) return 'QUOTA_EXHAUSTED';
  if (status === 502 || status === 503 || status === 504) return 'UNREACHABLE';
  return status >= 500 ? 'INTERNAL' : 'BAD_INPUT';
}

function safeFieldsOf(fields: unknown): SafeFields {
  if (typeof fields !== 'object' || fields === null) return {};
  const plain = (value: unknown): boolean => value === null || ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value.length <= 200);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => plain(value) || (Array.isArray(value) && value.every(plain))));
}

/** ECONNREFUSED, UND_ERR_SOCKET, TimeoutError ...: undici hides it in a chain of causes. */
function reasonOf(cause: unknown): string {
  let reason = 'connection';
  for (let error = cause; error instanceof Error; error = error.cause) {
    if (error.name === 'TimeoutError') reason = 'timeout';
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === 'string') reason = code;
  }
  return reason;
}

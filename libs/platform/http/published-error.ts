/**
 * The one map from an error to what a client sees: code, text of the registry, correlation id, safe fields. Whatever is
 * not a DomainError is INTERNAL, and its message stays here: driver messages hold values.
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
  const code = isDomainError(error) ? error.code : 'INTERNAL';
  return { code, message: transportOf(code).en, correlationId, fields: isDomainError(error) ? error.fields : {} };
}

/** The challenge that goes with a 401 (RFC 9449 7.1); the algorithm list is all it tells. */
export function challengeFor(code: ErrorCode): string | null {
  if (code !== 'UNAUTHENTICATED' && code !== 'CREDENTIAL_EXPIRED') return null;
  return 'DPoP error="invalid_token", algs="ES256"';
}

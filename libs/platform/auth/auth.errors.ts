/**
 * What a caller learns when it is turned away: one code, never which check failed. The reason is for our own log and is a
 * fixed word, not a value.
 */
import { DomainError } from '#kernel';

export class UnauthenticatedError extends DomainError {
  constructor(readonly reason: string) {
    super('UNAUTHENTICATED', `caller not identified: ${reason}`);
  }
}
export class CredentialExpiredError extends DomainError {
  constructor() {
    super('CREDENTIAL_EXPIRED', 'access token expired');
  }
}
export class MemberSuspendedError extends DomainError {
  constructor() {
    super('MEMBER_SUSPENDED', 'party is suspended');
  }
}
export class ScopeMissingError extends DomainError {
  constructor() {
    super('FORBIDDEN', 'scope missing');
  }
}
/** The replay store or the directory does not answer: doubt refuses, and the caller may come again with a new proof. */
export class IdentityCheckUnavailableError extends DomainError {
  constructor(options?: ErrorOptions) {
    super('UNREACHABLE', 'identity cannot be checked now', {}, options);
  }
}

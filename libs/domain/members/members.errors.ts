import { DomainError } from '#kernel';

export class PartyUnknownError extends DomainError {
  constructor() {
    super('NOT_FOUND', 'no such party, or nothing that waits for it');
  }
}
export class PartyAlreadyKnownError extends DomainError {
  constructor() {
    super('ALREADY_EXISTS', 'party, key or officer is registered already');
  }
}
export class OfficerNotEntitledError extends DomainError {
  constructor() {
    super('FORBIDDEN', 'signer is not an active officer of a coordinator');
  }
}
export class SameOfficerError extends DomainError {
  constructor() {
    super('FOUR_EYES_REQUIRED', 'the second signature must be another officer\'s');
  }
}
export class ActMismatchError extends DomainError {
  constructor() {
    super('DIGEST_MISMATCH', 'statement is about something else');
  }
}
export class StatusConflictError extends DomainError {
  constructor(status: string) {
    super('STATE_CONFLICT', 'not possible in this status', { status });
  }
}
export class OwnPartyError extends DomainError {
  constructor() {
    super('POLICY_FORBIDS', 'a coordinator does not suspend or lift itself');
  }
}

import { DomainError } from '#kernel';

/** An element or scalar that RFC 9497 2.1 tells us to refuse: wrong length, not canonical, the identity, zero. */
export class PointInvalidError extends DomainError {
  constructor(readonly position: number, message = 'group element refused') {
    super('POINT_INVALID', message, { position });
  }
}

/** Why an answer is not accepted: its proof does not hold, or it holds an element that may not occur (or another number of them). */
export type AnswerFault = 'false-proof' | 'refused-element';

/** A holder's proof does not hold. `holder` is its index in the manifest, 0 where none is known. */
export class ProofInvalidError extends DomainError {
  constructor(holder: number, message = 'proof does not hold', readonly fault: AnswerFault = 'false-proof') {
    super('PROOF_INVALID', message, { holder });
  }
}

/** Answers of a batch that are not accepted, one entry for each holder that gave one. */
export class AnswersRefusedError extends ProofInvalidError {
  constructor(readonly refused: readonly RefusedAnswer[]) {
    super(refused[0]?.holder ?? 0, 'answers without a proof that holds', refused[0]?.fault);
  }
}
export interface RefusedAnswer {
  readonly holder: number;
  readonly fault: AnswerFault;
}

/** Keys or signatures of a manifest or roster that do not stand. `check` names the check that failed. */
export class ManifestInvalidError extends DomainError {
  constructor(check: string, holder = 0) {
    super('MANIFEST_INVALID', `manifest check failed: ${check}`, { check, holder });
  }
}

export class SignatureInvalidError extends DomainError {
  constructor(reason: string) {
    super('SIGNATURE_INVALID', `signature refused: ${reason}`, { reason });
  }
}

export class DetailInvalidError extends DomainError {
  constructor(reason: string) {
    super('DIGEST_MISMATCH', `detail does not open: ${reason}`, { reason });
  }
}

/** Bytes handed in by our own caller that cannot be used (wrong length, empty batch). */
export class CryptoInputError extends DomainError {
  constructor(message: string) {
    super('BAD_INPUT', message);
  }
}

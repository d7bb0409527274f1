/**
 * Fast mode at a holder: refused unless its operator allows it. What the holder answers in it is signed by its evidence key, so that a
 * false answer convicts it; therefore the key must be one that others have pinned.
 */
import { type PrivateJwk, type HolderPins, signDetached, type Signer, signerOf, keyIdOf } from '#crypto';
import { DomainError } from '#kernel';
import { CHECK_ANSWER_TYP, checkAnswerStatement, EVALUATION_TYP, type EvaluationFacts, evaluationStatement, type SignedOprfRequest } from '#protocol';
import type { FastBatchRepository } from './fast-batch.repository.js';
import { KeyRefusedError } from './key-material.js';

export interface FastModeOptions {
  readonly setting: 'refused' | 'allowed';
  /** Content of the evidence key's file: a private JWK. */
  readonly evidenceKey: string | undefined;
  /** This holder in each epoch that it answers, and whose keys count there. */
  readonly pinned: readonly { readonly holderId: string; readonly pins: HolderPins }[];
  readonly batches: FastBatchRepository;
}

export class FastMode {
  private readonly signer: Signer | null;

  /** @throws KeyRefusedError when it is allowed without a pinned evidence key */
  constructor(private readonly options: FastModeOptions) {
    this.signer = options.setting === 'allowed' ? signerFrom(options) : null;
  }

  /** @throws DomainError POLICY_FORBIDS */
  assertAllowed(): void {
    this.allowed();
  }

  async remember(request: SignedOprfRequest): Promise<void> {
    await this.options.batches.remember(request);
  }

  /** @throws DomainError STATE_CONFLICT */
  async assertRemembered(request: SignedOprfRequest): Promise<void> {
    if (!(await this.options.batches.knows(request))) throw new DomainError('STATE_CONFLICT', 'no such batch was evaluated in fast mode', { reason: 'batch' });
  }

  signVector(facts: EvaluationFacts, n: number, pointsSha256: Uint8Array, answerSha256: Uint8Array): Uint8Array {
    return signDetached(EVALUATION_TYP, evaluationStatement(facts, n, pointsSha256, answerSha256), this.allowed());
  }

  signCheckAnswer(facts: EvaluationFacts, challenge: Uint8Array, value: Uint8Array, proof: Uint8Array): Uint8Array {
    return signDetached(CHECK_ANSWER_TYP, checkAnswerStatement(facts, challenge, value, proof), this.allowed());
  }

  private allowed(): Signer {
    if (this.signer === null) throw new DomainError('POLICY_FORBIDS', 'this holder does not answer in fast mode', { mode: 'fast' });
    return this.signer;
  }
}

function signerFrom({ evidenceKey, pinned }: FastModeOptions): Signer {
  if (evidenceKey === undefined) throw new KeyRefusedError('fast mode needs the evidence key');
  let signer: Signer;
  try {
    signer = signerOf(JSON.parse(evidenceKey) as PrivateJwk);
  } catch {
    throw new KeyRefusedError('the evidence key is not one');
  }
  const isPinned = pinned.every(({ holderId, pins }) => pins.holders.some(({ owner, jwk }) => owner === holderId && keyIdOf(jwk) === signer.kid));
  if (!isPinned) throw new KeyRefusedError('the evidence key is not pinned for this holder');
  return signer;
}

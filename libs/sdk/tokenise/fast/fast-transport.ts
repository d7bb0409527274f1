/**
 * Fast mode's messages to key-holders, and to the hub as combiner. What comes back is believed as far as it is signed by a pinned key;
 * whether it is true is found out by the check.
 */
import { fromBase64url, sha256, signDetached, type Signer } from '#crypto';
import { DomainError } from '#kernel';
import {
  BATCH_TYP, batchStatement, CHECK_ANSWER_TYP, CHECK_TYP, type CheckAnswer, checkAnswerStatement, checkStatement, decodeCheckAnswer, decodeCombinedBatch, decodeFastVector,
  encodeCheckRequest, encodeOprfRequest, EVALUATION_TYP, evaluationStatement, OPRF_CHECK_PATH, OPRF_COMBINE_PATH, OPRF_MEDIA_TYPE, OPRF_PATH, type OprfRequest, type VectorReceipt,
} from '#protocol';
import type { SignedVector } from '../../evidence/fast-evidence.js';
import { signedByHolder } from '../../evidence/holder-signature.js';
import type { HubClient } from '../../transport/hub-client.js';
import { answersTo, type KeyHolderClient } from '../../transport/key-holder-client.js';
import type { TrustedManifest } from '../../trust/trusted-manifest.js';
import type { TrustStore } from '../../trust/trust-store.js';

export interface FastBatch extends Pick<OprfRequest, 'manifestHash' | 'batchId' | 'budget' | 'memberId' | 'points'> {
  readonly pointsSha256: Uint8Array;
}

/** The hub's route for it, as the hub's client calls it. */
export type Combiner = Pick<HubClient, 'rest'>;

export interface FastTransportParts {
  readonly keyHolders: KeyHolderClient;
  /** Null: the member combines. */
  readonly combiner: Combiner | null;
  readonly trusted: TrustedManifest;
  readonly trust: TrustStore;
  /** The member's evidence key. */
  readonly signer: Signer;
}

/** A holder's answer that it did not sign, or that is none: nothing that could be shown to others. */
export class UnsignedAnswerError extends DomainError {
  constructor(readonly holderIndex: number) {
    super('SIGNATURE_INVALID', 'the answer is not signed by the key-holder', { holder: holderIndex });
  }
}

export class FastTransport {
  constructor(private readonly parts: FastTransportParts) {}

  /** @throws HoldersFailed */
  vectors(quorum: readonly number[], batch: FastBatch): Promise<SignedVector[]> {
    const message = this.batchMessage(quorum, batch);
    return this.parts.keyHolders.askEach(quorum, (index) => this.vectorOf(index, quorum, batch, message));
  }

  /** One holder's vector, asked for again: the same points are free. @throws UnsignedAnswerError, or what the holder answers */
  vector(index: number, quorum: readonly number[], batch: FastBatch): Promise<SignedVector> {
    return this.vectorOf(index, quorum, batch, this.batchMessage(quorum, batch));
  }

  /** What the hub combined; null when it does not serve, or serves no quorum: the member can do without it. 'false' is what no honest hub gives. */
  async combined(quorum: readonly number[], batch: FastBatch): Promise<{ readonly combined: Uint8Array; readonly receipts: readonly VectorReceipt[] } | 'false' | null> {
    const { combiner } = this.parts;
    if (combiner === null) return null;
    let bytes: Uint8Array;
    try {
      ({ bytes } = await combiner.rest({ method: 'POST', path: OPRF_COMBINE_PATH, headers: { 'content-type': OPRF_MEDIA_TYPE }, body: this.batchMessage(quorum, batch) }));
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
    return this.readCombined(bytes, quorum, batch);
  }

  /** @throws UnsignedAnswerError, or what the holder answers */
  async check(index: number, quorum: readonly number[], batch: FastBatch, challenge: Uint8Array): Promise<CheckAnswer> {
    const request = { ...this.requestOf(quorum, batch), points: challenge };
    const signature = signDetached(CHECK_TYP, checkStatement(request), this.parts.signer);
    const message = await this.parts.keyHolders.post(index, this.parts.trusted, OPRF_CHECK_PATH, encodeCheckRequest({ ...request, signature }));
    const answer = decoded(() => decodeCheckAnswer(message));
    if (answer === null || answer.holderIndex !== index || !answersTo(answer, request)) throw new UnsignedAnswerError(index);
    const statement = checkAnswerStatement({ ...request, holderIndex: index }, challenge, answer.points, answer.proof);
    if (!this.signed(index, CHECK_ANSWER_TYP, statement, answer.signature)) throw new UnsignedAnswerError(index);
    return answer;
  }

  private async vectorOf(index: number, quorum: readonly number[], batch: FastBatch, message: Uint8Array): Promise<SignedVector> {
    const bytes = await this.parts.keyHolders.post(index, this.parts.trusted, OPRF_PATH, message);
    const answer = decoded(() => decodeFastVector(bytes));
    if (answer === null || answer.holderIndex !== index || !answersTo(answer, { ...batch, quorum })) throw new UnsignedAnswerError(index);
    const signed = { holderIndex: index, vector: answer.points, answerSha256: sha256(answer.points), signature: answer.signature };
    if (!this.isReceipt(signed, quorum, batch)) throw new UnsignedAnswerError(index);
    return signed;
  }

  private readCombined(bytes: Uint8Array, quorum: readonly number[], batch: FastBatch) {
    const combined = decoded(() => decodeCombinedBatch(bytes));
    if (combined === null || !answersTo(combined, { ...batch, quorum }) || combined.points.length !== batch.points.length) return 'false' as const;
    if (!combined.receipts.every((receipt) => this.isReceipt(receipt, quorum, batch))) return 'false' as const;
    return { combined: combined.points, receipts: combined.receipts };
  }

  private isReceipt(receipt: VectorReceipt, quorum: readonly number[], batch: FastBatch): boolean {
    const facts = { manifestHash: batch.manifestHash, quorum, holderIndex: receipt.holderIndex };
    return this.signed(receipt.holderIndex, EVALUATION_TYP, evaluationStatement(facts, batch.points.length / 32, batch.pointsSha256, receipt.answerSha256), receipt.signature);
  }

  private signed(index: number, typ: string, statement: ReturnType<typeof checkStatement>, signature: Uint8Array): boolean {
    const holder = this.parts.trusted.holders.find((candidate) => candidate.index === index);
    return holder !== undefined && signedByHolder(this.parts.trust, holder.id, { typ, statement, signature });
  }

  private batchMessage(quorum: readonly number[], batch: FastBatch): Uint8Array {
    const request = this.requestOf(quorum, batch);
    return encodeOprfRequest({ ...request, signature: signDetached(BATCH_TYP, batchStatement(request, batch.pointsSha256, 'fast'), this.parts.signer) }, 'fast');
  }

  private requestOf(quorum: readonly number[], { manifestHash, batchId, budget, memberId, points }: FastBatch): OprfRequest {
    return { manifestHash, batchId, budget, memberId, points, quorum, kid: fromBase64url(this.parts.signer.kid), signedAtMs: this.parts.keyHolders.nextInstant() };
  }
}

function decoded<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

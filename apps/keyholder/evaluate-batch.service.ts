/**
 * What a batch must pass, in the order of cost: layout, generation, roster, signature and its time, status list, points, budget. Everything
 * in a request is the attacker's; the hub's word counts for refusals only. A relayed batch passes the same checks as a direct one.
 */
import { createHash } from 'node:crypto';
import { toBase64url, verifyDetached } from '#crypto';
import { DomainError } from '#kernel';
import { BATCH_TIME_AHEAD_MS, BATCH_TIME_BEHIND_MS, BATCH_TYP, batchStatement, decodeOprfRequest, encodeOprfResponse, type SignedOprfRequest } from '#protocol';
import type { EvaluationPool } from './evaluation.pool.js';
import type { Generation } from './key-material.js';
import type { Charge } from './ledger.repository.js';
import type { AdmittedMember } from './signed-roster.js';

export interface EvaluateBatchParts {
  /** @throws DomainError STALE_MANIFEST */
  readonly epochs: { answering(hash: Uint8Array): AnsweringEpoch };
  readonly status: { check(memberId: string): void };
  readonly ledger: { charge(charge: Charge): Promise<'CHARGED' | 'REPEAT'> };
}

/** The epoch that a manifest hash names, with what belongs to that epoch alone. */
export interface AnsweringEpoch {
  readonly generation: Generation;
  /** The holder's x in this epoch: another epoch may number its holders anew. */
  readonly holderIndex: number;
  readonly roster: { admit(memberId: string, kid: string): AdmittedMember };
  readonly pool: Pick<EvaluationPool, 'check' | 'evaluate'>;
  /** @throws DomainError STALE_MANIFEST when the epoch was stopped meanwhile */
  assertRunning(): void;
}

export interface EvaluatedBatch {
  readonly body: Uint8Array;
  readonly memberId: string;
  readonly n: number;
  readonly charged: boolean;
}

export class EvaluateBatchService {
  constructor(private readonly parts: EvaluateBatchParts) {}

  async run(message: Uint8Array): Promise<EvaluatedBatch> {
    const { status } = this.parts;
    const request = decodeOprfRequest(message);
    const epoch = this.parts.epochs.answering(request.manifestHash);
    const { generation, holderIndex, roster, pool } = epoch;
    checkQuorumOf(request, generation, holderIndex);
    const admitted = roster.admit(request.memberId, toBase64url(request.kid));
    const pointsSha256 = new Uint8Array(createHash('sha256').update(request.points).digest());
    if (!verifyDetached(BATCH_TYP, batchStatement(request, pointsSha256), admitted.key, request.signature)) {
      throw new DomainError('SIGNATURE_INVALID', 'the batch is not signed by the member');
    }
    checkTime(request.signedAtMs, Date.now());
    status.check(request.memberId);
    const points = request.points.slice(); // what is charged is what is evaluated, whatever happens to the message buffer
    await pool.check(points);
    const n = points.length / 32;
    const outcome = await this.parts.ledger.charge(chargeOf(request, admitted, generation, pointsSha256));
    const { evaluated, proof } = await pool.evaluate({ generation: generation.number, quorum: request.quorum, points });
    epoch.assertRunning();
    const { manifestHash, batchId, quorum } = request;
    const body = encodeOprfResponse({ manifestHash, batchId, quorum, holderIndex, points: evaluated, proof });
    return { body, memberId: request.memberId, n, charged: outcome === 'CHARGED' };
  }
}

function checkQuorumOf(request: SignedOprfRequest, { manifest }: Generation, holderIndex: number): void {
  const known = new Set(manifest.holders.map((holder) => holder.index));
  const fits = request.quorum.length === manifest.threshold && request.quorum.includes(holderIndex) && request.quorum.every((index) => known.has(index));
  if (!fits) throw new DomainError('BAD_INPUT', 'quorum', { field: 'quorum' });
}

/** A batch that was recorded somewhere is worth nothing minutes later. `now` lets a member see whose clock is wrong. */
function checkTime(signedAtMs: number, now: number): void {
  if (signedAtMs >= now - BATCH_TIME_BEHIND_MS && signedAtMs <= now + BATCH_TIME_AHEAD_MS) return;
  throw new DomainError('REPEAT_REFUSED', 'not signed now', { reason: 'time', now: new Date(now).toISOString() });
}

/** E*t/n at each holder: rotating quorums gains nothing (docs/threat-model.md). */
function chargeOf(request: SignedOprfRequest, { member }: AdmittedMember, { manifest }: Generation, pointsSha256: Uint8Array): Charge {
  const { threshold, holders, epoch } = manifest;
  return {
    memberId: request.memberId, epoch, batchId: request.batchId, pointsSha256, n: request.points.length / 32, signedAtMs: request.signedAtMs,
    budget: request.budget, limit: Math.ceil((member.budgets[request.budget] * threshold) / holders.length),
  };
}

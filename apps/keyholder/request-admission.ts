/**
 * What every request must pass before a point of it is looked at, in the order of cost: generation, quorum, roster, signature and its
 * time, status list. Everything in a request is the attacker's; the hub's word counts for refusals only. A relayed request passes the same
 * checks as a direct one.
 */
import { toBase64url, verifyDetached } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { BATCH_TIME_AHEAD_MS, BATCH_TIME_BEHIND_MS, type SignedOprfRequest } from '#protocol';
import type { EvaluationPool } from './evaluation.pool.js';
import type { Generation } from './key-material.js';
import type { Charge } from './ledger.repository.js';
import type { AdmittedMember } from './signed-roster.js';

export interface AdmissionParts {
  /** @throws DomainError STALE_MANIFEST */
  readonly epochs: { answering(hash: Uint8Array): AnsweringEpoch };
  readonly status: { check(memberId: string): void };
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

export interface AdmittedRequest {
  readonly epoch: AnsweringEpoch;
  readonly admitted: AdmittedMember;
}

/** What the member signs over a request. */
export interface SignedAs {
  readonly typ: string;
  readonly statement: Json;
}

export class RequestAdmission {
  constructor(private readonly parts: AdmissionParts) {}

  /** @throws DomainError STALE_MANIFEST, BAD_INPUT, ROSTER_REFUSED, SIGNATURE_INVALID, REPEAT_REFUSED, STATUS_STALE, MEMBER_SUSPENDED */
  admit(request: SignedOprfRequest, { typ, statement }: SignedAs): AdmittedRequest {
    const epoch = this.parts.epochs.answering(request.manifestHash);
    checkQuorumOf(request, epoch);
    const admitted = epoch.roster.admit(request.memberId, toBase64url(request.kid));
    if (!verifyDetached(typ, statement, admitted.key, request.signature)) throw new DomainError('SIGNATURE_INVALID', 'the request is not signed by the member');
    checkTime(request.signedAtMs, Date.now());
    this.parts.status.check(request.memberId);
    return { epoch, admitted };
  }
}

function checkQuorumOf(request: SignedOprfRequest, { generation: { manifest }, holderIndex }: AnsweringEpoch): void {
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
export function chargeOf(request: SignedOprfRequest, { epoch, admitted }: AdmittedRequest, pointsSha256: Uint8Array): Charge {
  const { threshold, holders, epoch: number } = epoch.generation.manifest;
  return {
    memberId: request.memberId, epoch: number, batchId: request.batchId, pointsSha256, n: request.points.length / 32, signedAtMs: request.signedAtMs,
    budget: request.budget, limit: Math.ceil((admitted.member.budgets[request.budget] * threshold) / holders.length),
  };
}

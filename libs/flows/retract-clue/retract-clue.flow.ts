/**
 * Takes clues back. In one transaction their tokens stop matching, open overlaps of every member turn withdrawn, and everyone who was
 * answered about them gets an event, liaisons that hold a package with them a superseding notice: there is no moment at which a
 * retracted clue still matches.
 */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { CluesRepository } from '#domain/clues';
import { PackagesRepository } from '#domain/liaison';
import { MatchingRepository } from '#domain/overlaps';
import { DomainError, isUuid, type ClueId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { isCode, RETRACTION_REASONS, type RetractionReason } from '#protocol';

export const RETRACT_MAX = 500;

export interface RetractClues {
  readonly idempotencyKey: string;
  readonly clueIds: readonly string[];
  readonly reason: RetractionReason;
}
export type RetractionOutcome = 'RETRACTED' | 'ALREADY_RETRACTED' | 'NOT_FOUND';
export interface RetractedClues {
  readonly retracted: number;
  readonly items: readonly { readonly clueId: string; readonly outcome: RetractionOutcome }[];
  /** Own overlaps that were open and are withdrawn now. */
  readonly withdrawn: number;
}

@Injectable()
export class RetractClueFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly clues: CluesRepository, private readonly matching: MatchingRepository,
    private readonly idempotency: Idempotency, private readonly audit: AuditIntake, private readonly packages: PackagesRepository,
  ) {}

  async run(actor: Actor, { idempotencyKey, clueIds, reason }: RetractClues): Promise<RetractedClues> {
    if (clueIds.length < 1 || clueIds.length > RETRACT_MAX) throw new DomainError('LIMIT_EXCEEDED', 'clues', { limit: 'clueIds', maximum: RETRACT_MAX });
    if (!clueIds.every(isUuid)) throw new DomainError('BAD_INPUT', 'clue ids', { field: 'clueIds' });
    if (!isCode(RETRACTION_REASONS, reason)) throw new DomainError('BAD_INPUT', 'reason', { field: 'reason' });
    const wanted = [...new Set(clueIds)].sort() as ClueId[];
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'retractClues', key: idempotencyKey, request: { clueIds: wanted, reason } },
      () => this.retract(tx, wanted, reason)));
  }

  private async retract(tx: Tx, wanted: readonly ClueId[], reason: RetractionReason): Promise<RetractedClues> {
    const memberId = tx.actor.partyId;
    const retracted = new Set(await this.clues.retract(tx, memberId, wanted, reason));
    const existing = await this.clues.existing(tx, memberId, wanted);
    const withdrawn = retracted.size === 0 ? 0 : await this.matching.withdraw(tx, [...retracted]);
    const notices = retracted.size === 0 ? 0 : await this.packages.noticeRetraction(tx, [...retracted]);
    await this.audit.append(tx, { kind: 'clues.retracted', clueIds: [...retracted], reason, withdrawn, notices });
    const outcome = (id: ClueId): RetractionOutcome => (retracted.has(id) ? 'RETRACTED' : existing.has(id) ? 'ALREADY_RETRACTED' : 'NOT_FOUND');
    return { retracted: retracted.size, items: wanted.map((clueId) => ({ clueId, outcome: outcome(clueId) })), withdrawn };
  }
}

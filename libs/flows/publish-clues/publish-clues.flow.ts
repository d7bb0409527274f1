/** Publishes a small batch at once: judged, stored, finished, on record and queued for matching in one transaction. */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { ClueBatch, CluesRepository, PublicationsRepository, type RefusedClue } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import { canonicalJson, DomainError, systemClock, type ErrorCode, type Json, type PublicationId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import type { Band } from '#protocol';
import { summaryOf } from './ingest-summary.js';

export const BATCH_MAX = 500;

export interface PublishClues {
  readonly idempotencyKey: string;
  /** Unread: each is judged alone, so that one bad clue refuses itself only. */
  readonly clues: readonly unknown[];
}
export type ClueOutcome = 'ACCEPTED' | 'ALREADY_KNOWN' | 'REFUSED';
export interface PublishedItem {
  readonly clueId: string | null;
  readonly outcome: ClueOutcome;
  readonly code: ErrorCode | null;
  /** Member of the input that is at fault. */
  readonly field: string | null;
  /** The member's own live clue on the same token. */
  readonly knownAs: string | null;
}
export interface PublishedClues {
  readonly publicationId: PublicationId;
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly items: readonly PublishedItem[];
  /** How many of these clues others hold at this moment. */
  readonly overlapsAtOnce: Band;
}

@Injectable()
export class PublishCluesFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly clues: CluesRepository, private readonly publications: PublicationsRepository,
    private readonly matching: MatchingRepository, private readonly idempotency: Idempotency, private readonly audit: AuditIntake, private readonly outbox: Outbox,
  ) {}

  async run(actor: Actor, { idempotencyKey, clues }: PublishClues): Promise<PublishedClues> {
    if (clues.length < 1 || clues.length > BATCH_MAX) throw new DomainError('LIMIT_EXCEEDED', 'clues in a batch', { limit: 'clues', maximum: BATCH_MAX });
    const batch = new ClueBatch(systemClock.now());
    for (const clue of clues) batch.add(clue);
    const sha256 = createHash('sha256').update(canonicalJson(JSON.parse(JSON.stringify(clues)) as Json)).digest();
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'publishClues', key: idempotencyKey, request: { sha256: sha256.toString('hex') } },
      () => this.publish(tx, clues, batch, sha256)));
  }

  private async publish(tx: Tx, clues: readonly unknown[], batch: ClueBatch, sha256: Buffer): Promise<PublishedClues> {
    const memberId = tx.actor.partyId;
    const publicationId = uuidv7() as PublicationId;
    await this.publications.hold(tx, memberId, publicationId, 'API');
    await this.publications.claimChunk(tx, memberId, publicationId, 0, sha256);
    const ingested = await this.clues.ingest(tx, memberId, publicationId, batch);
    const summary = summaryOf(batch, ingested);
    await this.publications.keepSummary(tx, memberId, publicationId, 0, summary);
    await this.publications.finish(tx, memberId, publicationId, 1);
    const overlapsAtOnce = await this.matching.atOnce(tx, publicationId);
    const { accepted, alreadyKnown, refused } = summary;
    await this.outbox.append(tx, 'overlaps.match', { memberId, publicationId }, { orderingKey: memberId });
    await this.audit.append(tx, { kind: 'clues.published', publicationId, accepted, alreadyKnown, refused: refused.length });
    return { publicationId, accepted, alreadyKnown, items: itemsOf(clues, refused, new Map(summary.known)), overlapsAtOnce };
  }
}

/** Lines count from 1; a clue refused by the database (its id was used) has line 0 and is found by its id. */
function itemsOf(clues: readonly unknown[], refused: readonly RefusedClue[], known: ReadonlyMap<string, string>): PublishedItem[] {
  const byLine = new Map(refused.filter(({ line }) => line > 0).map((item) => [item.line, item]));
  const byId = new Map(refused.filter(({ line }) => line === 0).map((item) => [item.clueId, item]));
  return clues.map((clue, index) => {
    const sent = (clue as { clueId?: string } | null)?.clueId ?? null;
    const item = byLine.get(index + 1) ?? byId.get(sent);
    if (item) return { clueId: item.clueId, outcome: 'REFUSED', code: item.code, field: item.field, knownAs: null };
    const knownAs = known.get(sent ?? '') ?? null;
    return { clueId: sent, outcome: knownAs === null ? 'ACCEPTED' : 'ALREADY_KNOWN', code: null, field: null, knownAs };
  });
}

/** SQL of publications and their chunks: what has arrived, so that a repeat is answered and a resume knows where to go on. */
import { DomainError, type MemberId, type PublicationId } from '#kernel';
import type { Tx } from '#platform/database';
import type { IngestSummary, MatchState, PublicationState, PublicationStatus } from './clue.model.js';

export type Via = 'API' | 'BULK' | 'MOVE';

export class PublicationsRepository {
  /** Makes the publication if need be and holds it open until this transaction ends. @throws DomainError STATE_CONFLICT when finished. */
  async hold(tx: Tx, memberId: MemberId, publicationId: PublicationId, via: Via): Promise<void> {
    await tx.execute('insert into tally.publication (member_id, publication_id, via) values ($1, $2, $3) on conflict do nothing', [memberId, publicationId, via]);
    const [row] = await tx.query<{ state: PublicationState; via: Via }>(
      'select state, via from tally.publication where member_id = $1 and publication_id = $2 for share', [memberId, publicationId]);
    if (row !== undefined && row.via !== via) throw new DomainError('STATE_CONFLICT', 'the publication is of another kind', { via: row.via });
    if (row?.state !== 'OPEN') throw new DomainError('STATE_CONFLICT', 'the publication is finished', { state: row?.state ?? 'none' });
  }

  /** Claims a chunk. Returns the stored answer of a repeat, null when this transaction is the first. @throws DomainError IDEMPOTENCY_MISMATCH */
  async claimChunk(tx: Tx, memberId: MemberId, publicationId: PublicationId, seq: number, sha256: Uint8Array): Promise<IngestSummary | null> {
    // A rival upload of the same chunk waits here until the other has committed.
    const first = await tx.execute(
      'insert into tally.publication_chunk (member_id, publication_id, seq, sha256) values ($1, $2, $3, $4) on conflict do nothing',
      [memberId, publicationId, seq, sha256]);
    if (first === 1) return null;
    return this.repeatedChunk(tx, memberId, publicationId, seq, sha256);
  }

  /** The stored answer when this chunk has been taken, null when not. @throws DomainError IDEMPOTENCY_MISMATCH when it was another. */
  async repeatedChunk(tx: Tx, memberId: MemberId, publicationId: PublicationId, seq: number, sha256: Uint8Array): Promise<IngestSummary | null> {
    const [row] = await tx.query<{ same: boolean; summary: IngestSummary | null }>(
      'select sha256 = $4 as same, summary from tally.publication_chunk where member_id = $1 and publication_id = $2 and seq = $3', [memberId, publicationId, seq, sha256]);
    if (row && !row.same) throw new DomainError('IDEMPOTENCY_MISMATCH', 'another chunk has this number', { seq });
    return row?.summary ?? null;
  }

  async keepSummary(tx: Tx, memberId: MemberId, publicationId: PublicationId, seq: number, summary: IngestSummary): Promise<void> {
    await tx.execute(
      `update tally.publication_chunk set received = $4, accepted = $5, already_known = $6, refused = $7, summary = $8
         where member_id = $1 and publication_id = $2 and seq = $3`,
      [memberId, publicationId, seq, summary.received, summary.accepted, summary.alreadyKnown, summary.refused.length, JSON.stringify(summary)]);
  }

  /** False when it was finished before. Waits for chunks that are being taken. @throws DomainError NOT_FOUND, STATE_CONFLICT when chunks are missing. */
  async finish(tx: Tx, memberId: MemberId, publicationId: PublicationId, chunks: number | null): Promise<boolean> {
    const [row] = await tx.query<{ state: PublicationState }>(
      'select state from tally.publication where member_id = $1 and publication_id = $2 for update', [memberId, publicationId]);
    if (!row) throw new DomainError('NOT_FOUND', 'publication');
    if (row.state === 'FINISHED') return false;
    if (chunks !== null) await this.assertComplete(tx, memberId, publicationId, chunks);
    await tx.execute("update tally.publication set state = 'FINISHED', finished_at = now() where member_id = $1 and publication_id = $2", [memberId, publicationId]);
    return true;
  }

  /** @throws DomainError NOT_FOUND */
  async status(tx: Tx, memberId: MemberId, publicationId: PublicationId): Promise<PublicationStatus> {
    const [row] = await tx.query<{ state: PublicationState; via: Via; match: MatchState; overlaps: number; chunks: number[]; accepted: number; alreadyKnown: number; refused: number }>(
      `select p.state, p.via, p.match_state as match, p.overlap_count as overlaps, coalesce(array_agg(c.seq order by c.seq) filter (where c.seq is not null), '{}') as chunks,
           coalesce(sum(c.accepted), 0)::int as accepted, coalesce(sum(c.already_known), 0)::int as "alreadyKnown", coalesce(sum(c.refused), 0)::int as refused
         from tally.publication p left join tally.publication_chunk c using (member_id, publication_id)
         where p.member_id = $1 and p.publication_id = $2 group by p.member_id, p.publication_id`, [memberId, publicationId]);
    if (!row) throw new DomainError('NOT_FOUND', 'publication');
    return { publicationId, ...row };
  }

  private async assertComplete(tx: Tx, memberId: MemberId, publicationId: PublicationId, chunks: number): Promise<void> {
    const [row] = await tx.query<{ n: number; last: number }>(
      'select count(*)::int as n, coalesce(max(seq), -1) as last from tally.publication_chunk where member_id = $1 and publication_id = $2', [memberId, publicationId]);
    if (row?.n !== chunks || row.last !== chunks - 1) throw new DomainError('STATE_CONFLICT', 'chunks are missing', { received: row?.n ?? 0, expected: chunks });
  }
}

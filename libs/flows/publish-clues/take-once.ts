/** One chunk of a publication, taken once however often it is sent: a repeat gets the stored answer, other bytes under its number are refused. */
import type { AuditIntake } from '#domain/audit';
import type { IngestSummary, PublicationsRepository } from '#domain/clues';
import type { PublicationId } from '#kernel';
import type { Tx } from '#platform/database';

export interface ChunkAddress {
  readonly publicationId: PublicationId;
  /** From 0. */
  readonly seq: number;
}
export type TakenChunk = ChunkAddress & IngestSummary;

export interface ChunkToTake {
  readonly address: ChunkAddress;
  readonly sha256: Buffer;
  readonly kind: 'BULK' | 'MOVE';
  readonly event: 'clues.chunk-taken' | 'clues.moves-taken';
  ingest(): Promise<IngestSummary>;
}

/** @throws DomainError STATE_CONFLICT for a finished publication or one of another kind, IDEMPOTENCY_MISMATCH for other bytes */
export async function takeOnce(tx: Tx, publications: PublicationsRepository, audit: AuditIntake, { address, sha256, kind, event, ingest }: ChunkToTake): Promise<IngestSummary> {
  const memberId = tx.actor.partyId;
  const { publicationId, seq } = address;
  // Looked up before the publication is held: a repeat is answered after the finish too.
  const before = await publications.repeatedChunk(tx, memberId, publicationId, seq, sha256);
  if (before) return before;
  await publications.hold(tx, memberId, publicationId, kind);
  const rival = await publications.claimChunk(tx, memberId, publicationId, seq, sha256);
  if (rival) return rival;
  const summary = await ingest();
  await publications.keepSummary(tx, memberId, publicationId, seq, summary);
  const { received, accepted, alreadyKnown, refused } = summary;
  await audit.append(tx, { kind: event, publicationId, seq, received, accepted, alreadyKnown, refused: refused.length });
  return summary;
}

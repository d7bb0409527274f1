/**
 * Takes one chunk of a bulk publication. The body is read and judged before the transaction opens: a slow client must not hold a
 * connection, and a transaction that runs again needs the chunk again. Repeating a chunk gives the stored answer.
 */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { ClueBatch, CluesRepository, PublicationsRepository, type IngestSummary } from '#domain/clues';
import { systemClock, type PublicationId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { readChunk, type ReadChunk } from './chunk-reader.js';
import { summaryOf } from './ingest-summary.js';
import { UploadGate } from './upload-gate.js';

export interface ChunkAddress {
  readonly publicationId: PublicationId;
  /** From 0. */
  readonly seq: number;
}
export type TakenChunk = ChunkAddress & IngestSummary;

const PLACES = 4;
const QUEUE = 200;

@Injectable()
export class TakeChunkFlow {
  private readonly gate = new UploadGate(PLACES, QUEUE);

  constructor(
    private readonly tenant: TenantTx, private readonly clues: CluesRepository, private readonly publications: PublicationsRepository, private readonly audit: AuditIntake,
  ) {}

  run(actor: Actor, address: ChunkAddress, body: AsyncIterable<Buffer>): Promise<TakenChunk> {
    return this.gate.within(async () => {
      const chunk = await readChunk(body, new ClueBatch(systemClock.now()));
      return this.tenant.run(actor, async (tx) => ({ ...address, ...(await this.take(tx, address, chunk)) }));
    });
  }

  private async take(tx: Tx, { publicationId, seq }: ChunkAddress, { batch, sha256 }: ReadChunk<ClueBatch>): Promise<IngestSummary> {
    const memberId = tx.actor.partyId;
    // Looked up before the publication is held: a repeat is answered after the finish too.
    const before = await this.publications.repeatedChunk(tx, memberId, publicationId, seq, sha256);
    if (before) return before;
    await this.publications.hold(tx, memberId, publicationId, 'BULK');
    const rival = await this.publications.claimChunk(tx, memberId, publicationId, seq, sha256);
    if (rival) return rival;
    const summary = summaryOf(batch, await this.clues.ingest(tx, memberId, publicationId, batch));
    await this.publications.keepSummary(tx, memberId, publicationId, seq, summary);
    const { received, accepted, alreadyKnown, refused } = summary;
    await this.audit.append(tx, { kind: 'clues.chunk-taken', publicationId, seq, received, accepted, alreadyKnown, refused: refused.length });
    return summary;
  }
}

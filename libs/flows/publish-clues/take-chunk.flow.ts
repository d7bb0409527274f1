/**
 * Takes one chunk of a bulk publication. The body is read and judged before the transaction opens: a slow client must not hold a
 * connection, and a transaction that runs again needs the chunk again. Repeating a chunk gives the stored answer.
 */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { ClueBatch, CluesRepository, PublicationsRepository, type IngestSummary } from '#domain/clues';
import { systemClock } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { readChunk, type ReadChunk } from './chunk-reader.js';
import { summaryOf } from './ingest-summary.js';
import { takeOnce, type ChunkAddress, type TakenChunk } from './take-once.js';
import { UploadGate } from './upload-gate.js';

const PLACES = 4;
const QUEUE = 200;

@Injectable()
export class TakeChunkFlow {
  private readonly gate = new UploadGate(PLACES, QUEUE);

  constructor(
    private readonly tenant: TenantTx, private readonly clues: CluesRepository, private readonly publications: PublicationsRepository, private readonly audit: AuditIntake,
  ) {}

  run(actor: Actor, address: ChunkAddress, body: AsyncIterable<Buffer>): Promise<TakenChunk> {
    return this.gate.within(actor.partyId, async () => {
      const chunk = await readChunk(body, new ClueBatch(systemClock.now()));
      return this.tenant.run(actor, async (tx) => ({ ...address, ...(await this.take(tx, address, chunk)) }));
    });
  }

  private take(tx: Tx, address: ChunkAddress, { batch, sha256 }: ReadChunk<ClueBatch>): Promise<IngestSummary> {
    return takeOnce(tx, this.publications, this.audit, {
      address, sha256, kind: 'BULK', event: 'clues.chunk-taken',
      ingest: async () => summaryOf(batch, await this.clues.ingest(tx, tx.actor.partyId, address.publicationId, batch)),
    });
  }
}

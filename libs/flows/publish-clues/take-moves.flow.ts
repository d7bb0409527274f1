/**
 * Takes one chunk of moves: own clues get tokens of the current epoch (docs/protocol/epochs.md). Idempotent like a chunk of clues.
 * The finish of the publication asks for the match; as the epoch before goes on beside it, overlaps stay what they are.
 */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { ClueMovesRepository, MoveBatch, PublicationsRepository, type IngestSummary } from '#domain/clues';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { readChunk, type ReadChunk } from './chunk-reader.js';
import { summaryOf } from './ingest-summary.js';
import { takeOnce, type ChunkAddress, type TakenChunk } from './take-once.js';
import { UploadGate } from './upload-gate.js';

const PLACES = 4;
const QUEUE = 200;

@Injectable()
export class TakeMovesFlow {
  private readonly gate = new UploadGate(PLACES, QUEUE);

  constructor(
    private readonly tenant: TenantTx, private readonly moves: ClueMovesRepository, private readonly publications: PublicationsRepository, private readonly audit: AuditIntake,
  ) {}

  run(actor: Actor, address: ChunkAddress, body: AsyncIterable<Buffer>): Promise<TakenChunk> {
    return this.gate.within(actor.partyId, async () => {
      const chunk = await readChunk(body, new MoveBatch());
      return this.tenant.run(actor, async (tx) => ({ ...address, ...(await this.take(tx, address, chunk)) }));
    });
  }

  private take(tx: Tx, address: ChunkAddress, { batch, sha256 }: ReadChunk<MoveBatch>): Promise<IngestSummary> {
    return takeOnce(tx, this.publications, this.audit, {
      address, sha256, kind: 'MOVE', event: 'clues.moves-taken',
      ingest: async () => summaryOf(batch, await this.moves.move(tx, tx.actor.partyId, address.publicationId, batch)),
    });
  }
}

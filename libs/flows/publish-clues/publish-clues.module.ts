import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { CluesModule } from '#domain/clues';
import { OverlapsModule } from '#domain/overlaps';
import { IdempotencyModule } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { FinishPublicationFlow } from './finish-publication.flow.js';
import { OwnCluesFlow } from './own-clues.flow.js';
import { PublishCluesFlow } from './publish-clues.flow.js';
import { TakeChunkFlow } from './take-chunk.flow.js';

const flows = [PublishCluesFlow, TakeChunkFlow, FinishPublicationFlow, OwnCluesFlow];

@Module({ imports: [AuditModule, IdempotencyModule, CluesModule, OverlapsModule], providers: [...flows, { provide: Outbox, useFactory: () => new Outbox() }], exports: flows })
export class PublishCluesModule {}

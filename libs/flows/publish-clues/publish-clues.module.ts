import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { CluesModule } from '#domain/clues';
import { OverlapsModule } from '#domain/overlaps';
import { FinishPublicationFlow } from './finish-publication.flow.js';
import { OwnCluesFlow } from './own-clues.flow.js';
import { PublishCluesFlow } from './publish-clues.flow.js';
import { TakeChunkFlow } from './take-chunk.flow.js';
import { TakeMovesFlow } from './take-moves.flow.js';

const flows = [PublishCluesFlow, TakeChunkFlow, TakeMovesFlow, FinishPublicationFlow, OwnCluesFlow];

@Module({ imports: [AuditModule, CluesModule, OverlapsModule], providers: flows, exports: flows })
export class PublishCluesModule {}

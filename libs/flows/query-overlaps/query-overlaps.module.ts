import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { OverlapsModule } from '#domain/overlaps';
import { CheckTokensFlow } from './check-tokens.flow.js';
import { QueryOverlapsFlow } from './query-overlaps.flow.js';

const flows = [QueryOverlapsFlow, CheckTokensFlow];

@Module({ imports: [AuditModule, OverlapsModule], providers: flows, exports: flows })
export class QueryOverlapsModule {}

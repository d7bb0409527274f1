import { Module } from '@nestjs/common';
import { QueryOverlapsModule } from '#flows/query-overlaps';
import { OverlapResolver } from './overlap.resolver.js';

@Module({ imports: [QueryOverlapsModule], providers: [OverlapResolver] })
export class HubOverlapsModule {}

import { Module } from '@nestjs/common';
import { MatchingRepository } from './matching.repository.js';
import { OverlapsRepository } from './overlaps.repository.js';

@Module({ providers: [OverlapsRepository, MatchingRepository], exports: [OverlapsRepository, MatchingRepository] })
export class OverlapsModule {}

import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { CluesModule } from '#domain/clues';
import { LiaisonModule } from '#domain/liaison';
import { OverlapsModule } from '#domain/overlaps';
import { RetractClueFlow } from './retract-clue.flow.js';

@Module({ imports: [AuditModule, CluesModule, LiaisonModule, OverlapsModule], providers: [RetractClueFlow], exports: [RetractClueFlow] })
export class RetractClueModule {}

import { Module } from '@nestjs/common';
import { CombineBatchFlow } from './combine-batch.flow.js';

@Module({ providers: [CombineBatchFlow], exports: [CombineBatchFlow] })
export class CombineBatchModule {}

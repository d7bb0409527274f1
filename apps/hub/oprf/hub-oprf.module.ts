import { Module } from '@nestjs/common';
import { CombineBatchModule } from '#flows/combine-batch';
import { CombineController } from './combine.controller.js';

@Module({ imports: [CombineBatchModule], controllers: [CombineController] })
export class HubOprfModule {}

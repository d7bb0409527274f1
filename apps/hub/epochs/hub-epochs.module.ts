import { Module } from '@nestjs/common';
import { RotateEpochModule } from '#flows/rotate-epoch';
import { EpochsResolver } from './epochs.resolver.js';

@Module({ imports: [RotateEpochModule], providers: [EpochsResolver] })
export class HubEpochsModule {}

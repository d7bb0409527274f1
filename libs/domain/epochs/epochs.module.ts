import { Module } from '@nestjs/common';
import { EpochsRepository } from './epochs.repository.js';

@Module({ providers: [{ provide: EpochsRepository, useFactory: () => new EpochsRepository() }], exports: [EpochsRepository] })
export class EpochsModule {}

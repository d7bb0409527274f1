import { Module } from '@nestjs/common';
import { CasesRepository } from './cases.repository.js';
import { ContributionsRepository } from './contributions.repository.js';

@Module({ providers: [CasesRepository, ContributionsRepository], exports: [CasesRepository, ContributionsRepository] })
export class CasesModule {}

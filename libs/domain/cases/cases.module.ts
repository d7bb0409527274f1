import { Module } from '@nestjs/common';
import { CaseApprovals } from './case-approvals.js';
import { CasesRepository } from './cases.repository.js';
import { ContributionsRepository } from './contributions.repository.js';

const providers = [CasesRepository, ContributionsRepository, CaseApprovals];

@Module({ providers, exports: providers })
export class CasesModule {}

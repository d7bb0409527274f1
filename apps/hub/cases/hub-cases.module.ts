import { Module } from '@nestjs/common';
import { JointCaseModule } from '#flows/joint-case';
import { CaseResolver } from './case.resolver.js';
import { ContributionController } from './contribution.controller.js';

@Module({ imports: [JointCaseModule], providers: [CaseResolver], controllers: [ContributionController] })
export class HubCasesModule {}

import { Module } from '@nestjs/common';
import { OnboardMemberModule } from '#flows/onboard-member';
import { MeResolver } from './me.resolver.js';
import { PartiesResolver } from './parties.resolver.js';
import { StatusListController } from './status-list.controller.js';
import { StatusListSigner } from './status-list.js';

@Module({ imports: [OnboardMemberModule], controllers: [StatusListController], providers: [MeResolver, PartiesResolver, StatusListSigner] })
export class HubMembersModule {}

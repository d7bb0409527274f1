import { Module } from '@nestjs/common';
import { MembersModule } from '#domain/members';
import { MeResolver } from './me.resolver.js';

@Module({ imports: [MembersModule], providers: [MeResolver] })
export class HubMembersModule {}

import { Module } from '@nestjs/common';
import { Directory } from './directory.js';
import { PartiesRepository } from './parties.repository.js';

@Module({ providers: [Directory, PartiesRepository], exports: [Directory, PartiesRepository] })
export class MembersModule {}

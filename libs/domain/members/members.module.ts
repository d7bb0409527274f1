import { Module } from '@nestjs/common';
import { Directory } from './directory.repository.js';

@Module({ providers: [Directory], exports: [Directory] })
export class MembersModule {}

import { Module } from '@nestjs/common';
import { CluesRepository } from './clues.repository.js';
import { PublicationsRepository } from './publications.repository.js';

@Module({ providers: [CluesRepository, PublicationsRepository], exports: [CluesRepository, PublicationsRepository] })
export class CluesModule {}

import { Module } from '@nestjs/common';
import { CluesRepository } from './clues.repository.js';
import { ClueMovesRepository } from './clue-moves.repository.js';
import { PublicationsRepository } from './publications.repository.js';

@Module({ providers: [CluesRepository, ClueMovesRepository, PublicationsRepository], exports: [CluesRepository, ClueMovesRepository, PublicationsRepository] })
export class CluesModule {}

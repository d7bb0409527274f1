import { Module } from '@nestjs/common';
import { BrandsRepository } from './brands.repository.js';
import { WarnedTokensRepository } from './warned-tokens.repository.js';

@Module({ providers: [BrandsRepository, WarnedTokensRepository], exports: [BrandsRepository, WarnedTokensRepository] })
export class BrandsModule {}

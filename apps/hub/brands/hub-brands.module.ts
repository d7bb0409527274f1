import { Module } from '@nestjs/common';
import { ProtectBrandModule } from '#flows/protect-brand';
import { BrandResolver } from './brand.resolver.js';

@Module({ imports: [ProtectBrandModule], providers: [BrandResolver] })
export class HubBrandsModule {}

import { Module } from '@nestjs/common';
import { AuditModule } from '#domain/audit';
import { BrandsModule } from '#domain/brands';
import { MembersModule } from '#domain/members';
import { BrandAlertsFlow } from './brand-alerts.flow.js';
import { GiveWarnedTokensFlow } from './give-warned-tokens.flow.js';
import { RegisterBrandFlow } from './register-brand.flow.js';

const flows = [RegisterBrandFlow, BrandAlertsFlow, GiveWarnedTokensFlow];

@Module({ imports: [AuditModule, BrandsModule, MembersModule], providers: flows, exports: flows })
export class ProtectBrandModule {}

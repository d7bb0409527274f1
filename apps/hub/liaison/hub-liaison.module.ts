import { hkdfSync } from 'node:crypto';
import { Module } from '@nestjs/common';
import { InboxCursor } from '#domain/liaison';
import { DeliverPackageModule, ReadInboxFlow } from '#flows/deliver-package';
import { TenantTx } from '#platform/database';
import { HubConfig } from '../hub.config.js';
import { LiaisonController } from './liaison.controller.js';
import { PackageResolver } from './package.resolver.js';

/** Every replica of a hub shares the context key; cursors get a key of their own from it. */
function cursors(config: HubConfig): InboxCursor {
  return new InboxCursor(new Uint8Array(hkdfSync('sha256', Buffer.from(config.contextKey, 'hex'), Buffer.alloc(0), 'tally inbox cursor 1', 32)));
}

@Module({
  imports: [DeliverPackageModule],
  providers: [PackageResolver, { provide: ReadInboxFlow, useFactory: (tenant: TenantTx, config: HubConfig) => new ReadInboxFlow(tenant, cursors(config)), inject: [TenantTx, HubConfig] }],
  controllers: [LiaisonController],
})
export class HubLiaisonModule {}

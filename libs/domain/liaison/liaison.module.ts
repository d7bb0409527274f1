import { Module } from '@nestjs/common';
import { DeliveryRepository } from './delivery.repository.js';
import { InboxRepository } from './inbox.repository.js';
import { PackagesRepository } from './packages.repository.js';
import { ReceiptsRepository } from './receipts.repository.js';

const repositories = [PackagesRepository, InboxRepository, ReceiptsRepository, DeliveryRepository];

@Module({ providers: repositories, exports: repositories })
export class LiaisonModule {}

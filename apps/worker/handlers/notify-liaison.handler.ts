import { Injectable } from '@nestjs/common';
import { NotifyLiaisonFlow } from '#flows/deliver-package';
import { SystemTx } from '#platform/database';
import { Effects } from '#platform/queue';
import { WorkerConfig } from '../worker.config.js';

/** The flow with the webhook secret and the egress rules of this profile. */
@Injectable()
export class NotifyLiaisonHandler extends NotifyLiaisonFlow {
  constructor(system: SystemTx, effects: Effects, config: WorkerConfig) {
    super(system, effects, config.webhookKey === undefined ? null : Buffer.from(config.webhookKey, 'hex'), { allowPrivate: config.profile !== 'production' });
  }
}

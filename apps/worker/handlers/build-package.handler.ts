import { Injectable } from '@nestjs/common';
import { privateJwk } from '#crypto';
import { BuildPackageFlow } from '#flows/deliver-package';
import { SystemTx } from '#platform/database';
import { Effects, Outbox } from '#platform/queue';
import { WorkerConfig } from '../worker.config.js';

/** The flow with the hub's package key. */
@Injectable()
export class BuildPackageHandler extends BuildPackageFlow {
  constructor(system: SystemTx, effects: Effects, outbox: Outbox, config: WorkerConfig) {
    super(system, effects, outbox, privateJwk(JSON.parse(config.packageKey)));
  }
}

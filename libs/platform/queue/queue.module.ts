import { Global, Module } from '@nestjs/common';
import { SystemTx } from '#platform/database';
import { Effects } from './effects.js';
import { Outbox } from './outbox.js';

/** Outbox and effects for flows and handlers; needs a provider of SystemTx. */
@Global()
@Module({
  providers: [
    { provide: Outbox, useFactory: () => new Outbox() },
    { provide: Effects, useFactory: (system: SystemTx) => new Effects(system), inject: [SystemTx] },
  ],
  exports: [Outbox, Effects],
})
export class QueueModule {}

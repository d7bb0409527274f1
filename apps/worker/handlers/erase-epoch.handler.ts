/**
 * Erases the tokens of an epoch that is closed, a slice a transaction. The erasure's row is the cursor: a job that runs twice, or by two
 * workers at once, goes on where the other is. Nothing here decides that an epoch is closed; the function looks for itself.
 */
import { Inject, Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { EpochsRepository } from '#domain/epochs';
import { SystemTx } from '#platform/database';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import type { JobHandler, JobRun } from '#platform/queue';
import type { JobPayloads } from '#protocol';

const SLICE = 1_000;

@Injectable()
export class EraseEpochHandler implements JobHandler<'epochs.erase'> {
  readonly job = 'epochs.erase';

  constructor(
    private readonly system: SystemTx, private readonly epochs: EpochsRepository, private readonly audit: AuditIntake, @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  async handle({ erasureId }: JobPayloads['epochs.erase'], { attempt }: JobRun): Promise<void> {
    let examined = 0;
    let erased = 0;
    for (let last = false; !last;) {
      const slice = await this.system.run(async (tx) => {
        const done = await this.epochs.eraseSlice(tx, erasureId, SLICE);
        // Written by the run that finishes, once: a later one finds nothing to examine and nothing erased.
        if (done.done && done.coordinator !== null) await this.audit.appendFor(tx, done.coordinator, { kind: 'epochs.erased', epoch: done.epoch, tokens: done.tokens });
        return done;
      });
      examined += slice.examined;
      erased += slice.erased;
      last = slice.done;
    }
    this.log.event('epochs.erased', { erasure: erasureId, examined, erased, attempt });
  }
}

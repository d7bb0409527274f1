/**
 * Looks for overlaps of a finished publication, a slice a transaction. Each slice has its effect row, and the publication's row is the
 * cursor: a job that is run twice, or by two workers at once, examines every clue once.
 *
 * No overlap is missed when two members publish at once: a job exists only after its publication has committed, and a slice locks the
 * feeds of all parties it touches before it looks, so of two jobs the later sees what both have published.
 */
import { Inject, Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { MatchingRepository, type SliceMatched } from '#domain/overlaps';
import { SystemTx } from '#platform/database';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import { Effects, type JobHandler, type JobRun } from '#platform/queue';
import type { JobPayloads } from '#protocol';

const SLICE = 5_000;

@Injectable()
export class MatchOverlapsHandler implements JobHandler<'overlaps.match'> {
  readonly job = 'overlaps.match';

  constructor(
    private readonly system: SystemTx, private readonly matching: MatchingRepository, private readonly effects: Effects,
    private readonly audit: AuditIntake, @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  async handle(payload: JobPayloads['overlaps.match'], run: JobRun): Promise<void> {
    let examined = 0;
    let opened = 0;
    for (let index = 0; ; index++) {
      const matched = await this.matchSlice(payload, run.effectKey(`slice-${index}`));
      if (matched === null) continue;
      examined += matched.examined;
      opened += matched.opened;
      if (matched.done) break;
    }
    this.log.event('overlaps.matched', { publication: payload.publicationId, examined, opened, attempt: run.attempt });
  }

  /** null: an earlier run did this slice. */
  private matchSlice({ memberId, publicationId }: JobPayloads['overlaps.match'], effectKey: string): Promise<SliceMatched | null> {
    return this.system.run(async (tx) => {
      if (!(await this.effects.once(tx, effectKey))) return null;
      const matched = await this.matching.matchSlice(tx, memberId, publicationId, SLICE);
      if (matched.examined > 0) {
        await this.audit.appendFor(tx, memberId, { kind: 'overlaps.matched', publicationId, examined: matched.examined, opened: matched.opened });
      }
      return matched;
    });
  }
}

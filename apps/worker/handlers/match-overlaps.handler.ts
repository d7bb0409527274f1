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
import type { ClueId } from '#kernel';
import { SystemTx } from '#platform/database';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import { Effects, type JobHandler, type JobRun } from '#platform/queue';
import type { JobPayloads } from '#protocol';

const SLICE = 5_000;
/** A letter that thousands send is compared with hundreds of others, twenty times each. */
const TEXT_SLICE = 200;

@Injectable()
export class MatchOverlapsHandler implements JobHandler<'overlaps.match'> {
  readonly job = 'overlaps.match';

  constructor(
    private readonly system: SystemTx, private readonly matching: MatchingRepository, private readonly effects: Effects,
    private readonly audit: AuditIntake, @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  async handle(payload: JobPayloads['overlaps.match'], run: JobRun): Promise<void> {
    const texts = await this.matchTexts(payload);
    let examined = texts.examined;
    let opened = texts.opened;
    for (let index = 0; ; index++) {
      const matched = await this.matchSlice(payload, run.effectKey(`slice-${index}`));
      if (matched === null) continue;
      examined += matched.examined;
      opened += matched.opened;
      if (matched.done) break;
    }
    this.log.event('overlaps.matched', { publication: payload.publicationId, examined, opened, attempt: run.attempt });
  }

  /** Texts come first: the match is done when the clues are. Each run begins anew, which changes nothing that an earlier run has done. */
  private async matchTexts({ memberId, publicationId }: JobPayloads['overlaps.match']): Promise<{ examined: number; opened: number }> {
    const sum = { examined: 0, opened: 0 };
    for (let after: ClueId | null = null; ;) {
      const { examined, opened, lastClue } = await this.system.run((tx) => this.matching.matchTextSlice(tx, memberId, publicationId, after, TEXT_SLICE));
      sum.examined += examined;
      sum.opened += opened;
      if (examined < TEXT_SLICE) return sum;
      after = lastClue;
    }
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

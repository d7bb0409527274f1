/**
 * A member was suspended, or is back: its clues count no longer, or again, in the overlaps of others, and its own overlaps close or
 * open. A slice a transaction; each looks at the standing of that moment, so a run that comes again, or late, changes nothing more.
 */
import { Inject, Injectable } from '@nestjs/common';
import { MatchingRepository } from '#domain/overlaps';
import type { ClueId, MemberId } from '#kernel';
import { SystemTx } from '#platform/database';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import type { JobHandler, JobRun } from '#platform/queue';
import type { JobPayloads } from '#protocol';

const SLICE = 5_000;
const TEXT_SLICE = 200;

@Injectable()
export class ReviewStandingHandler implements JobHandler<'overlaps.standing'> {
  readonly job = 'overlaps.standing';

  constructor(private readonly system: SystemTx, private readonly matching: MatchingRepository, @Inject(EVENT_LOG) private readonly log: EventLog) {}

  async handle({ memberId }: JobPayloads['overlaps.standing'], { attempt }: JobRun): Promise<void> {
    let examined = 0;
    for (let after: ClueId | null = null; ;) {
      const slice: Awaited<ReturnType<MatchingRepository['standingSlice']>> = await this.system.run((tx) => this.matching.standingSlice(tx, memberId, after, SLICE));
      examined += slice.examined;
      if (slice.lastClue === null) break;
      after = slice.lastClue;
    }
    examined += await this.reviewTexts(memberId);
    this.log.event('overlaps.reviewed', { member: memberId, examined, attempt });
  }

  private async reviewTexts(memberId: MemberId): Promise<number> {
    let sum = 0;
    for (let after: ClueId | null = null; ;) {
      const slice: Awaited<ReturnType<MatchingRepository['standingTextSlice']>> = await this.system.run((tx) => this.matching.standingTextSlice(tx, memberId, after, TEXT_SLICE));
      sum += slice.examined;
      if (slice.lastClue === null) return sum;
      after = slice.lastClue;
    }
  }
}

/** Ends and deletes what has expired: clues, replay entries, idempotency keys, finished outbox rows and old effects. */
import { SystemTx, type SystemScope } from '#platform/database';
import type { EventLog } from '#platform/logging';

const EXPIRED = {
  replay: 'delete from sec.replay where expires_at < now()',
  idempotency: "delete from platform.idempotency_key where created_at < now() - interval '24 hours'",
  // A dead letter keeps its row; so does a finished job until nobody can ask again.
  outbox: `delete from platform.outbox o where state = 'DONE' and done_at < now() - interval '7 days'
    and not exists (select from platform.dead_letter d where d.outbox_id = o.id)`,
  // Ends clues whose time is over: they stop matching, open overlaps turn withdrawn, each member is told of its own.
  clues: 'select * from match.expire_clues(5000)',
  // Bands of texts go at their end; whoever saw the text sees it no longer.
  texts: 'select * from match.expire_texts(1000)',
  brandAlerts: 'select * from match.expire_brand_alerts()',
  // Lists are computed anew in each epoch; what a closed one leaves would be the last of its tokens.
  warnedTokens: 'select * from match.expire_warned_tokens()',
  // Invitations lapse, packages expire and close; what could not be built waits for two people.
  cases: 'select * from tally.sweep_cases()',
  deadPackages: `update tally.package k set state = 'DEAD_LETTER', changed_at = now() from platform.outbox o
    where o.state = 'DEAD' and o.job = 'packages.build' and o.payload ->> 'packageId' = k.package_id::text and k.state = 'BUILDING'`,
  effects: "delete from platform.effect where state = 'DONE' and done_at < now() - interval '30 days'",
} as const;

const EVERY_MS = 60_000;

export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly system: SystemTx, private readonly log: EventLog) {}

  start(): void {
    this.timer = setInterval(() => { void this.sweep(); }, EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Returns the number of rows of each kind. */
  async sweep(): Promise<Readonly<Record<keyof typeof EXPIRED, number>>> {
    const counts = { replay: 0, idempotency: 0, outbox: 0, clues: 0, texts: 0, brandAlerts: 0, warnedTokens: 0, cases: 0, deadPackages: 0, effects: 0 };
    for (const kind of Object.keys(EXPIRED) as (keyof typeof EXPIRED)[]) {
      try {
        counts[kind] = await this.system.run((tx: SystemScope) => tx.execute(EXPIRED[kind]));
      } catch (error) {
        this.log.error('housekeeping.failed', error, { kind }); // the other kinds must not wait for this one
      }
    }
    this.log.event('housekeeping.swept', counts);
    return counts;
  }
}

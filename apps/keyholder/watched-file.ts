/**
 * A signed file that its operator may replace while the process runs. The first reading must succeed; a later one that does not
 * verify is reported once and leaves what was read before. Looks at the file, instead of waiting for events that network and container
 * file systems do not send. A file that could not be taken is looked at again: it may take a member out, or end an epoch, and a ledger that
 * was away, or a clock that was behind, must not be the reason why it never does.
 */
import { statSync } from 'node:fs';
import { isDomainError } from '#kernel';
import type { EventLog } from '#platform/logging';

/** `refusedMs`: how long a file that does not verify is left alone. It may be one whose time has not come. */
const PACE = { lookMs: 500, refusedMs: 10_000 };

export class WatchedFile<T> {
  private value: T | null = null;
  private seen = '';
  private reported = '';
  private refusedAt = 0;
  private reading = false;
  private timer: NodeJS.Timeout | null = null;

  /** @param name part of the event names, e.g. `roster` in `roster.refused` */
  constructor(private readonly name: string, private readonly file: string, private readonly log: EventLog, private readonly read: () => Promise<T>, private readonly pace = PACE) {}

  async start(): Promise<void> {
    this.seen = changeOf(this.file);
    this.value = await this.read();
    this.timer = setInterval(() => { void this.refresh(); }, this.pace.lookMs);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Null before start() only. */
  get current(): T | null {
    return this.value;
  }

  /** One reading at a time: a slow one must not put an older file in the place of a newer. */
  private async refresh(): Promise<void> {
    const change = changeOf(this.file);
    const leftAlone = change === this.reported && Date.now() - this.refusedAt < this.pace.refusedMs;
    if (this.reading || change === this.seen || leftAlone) return;
    this.reading = true;
    try {
      this.value = await this.read();
      this.seen = change;
      this.log.event(`${this.name}.loaded`);
    } catch (error) {
      this.refused(error, change);
    } finally {
      this.reading = false;
    }
  }

  private refused(error: unknown, change: string): void {
    const isAway = isDomainError(error) && error.code === 'KEY_HOLDERS_UNAVAILABLE';
    this.refusedAt = isDomainError(error) && !isAway ? Date.now() : 0;
    if (isAway || this.reported === change) return;
    this.reported = change;
    this.log.error(`${this.name}.refused`, error);
  }
}

function changeOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'absent';
  }
}

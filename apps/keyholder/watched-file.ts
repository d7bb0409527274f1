/**
 * A signed file that its operator may replace while the process runs. The first reading must succeed; a later one that does not
 * verify is reported once and leaves what was read before. Looks at the file, instead of waiting for events that network and container
 * file systems do not send.
 */
import { statSync } from 'node:fs';
import { isDomainError } from '#kernel';
import type { EventLog } from '#platform/logging';

const INTERVAL_MS = 500;

export class WatchedFile<T> {
  private value: T | null = null;
  private seen = '';
  private timer: NodeJS.Timeout | null = null;

  /** @param name part of the event names, e.g. `roster` in `roster.refused` */
  constructor(private readonly name: string, private readonly file: string, private readonly log: EventLog, private readonly read: () => Promise<T>) {}

  async start(): Promise<void> {
    this.seen = changeOf(this.file);
    this.value = await this.read();
    this.timer = setInterval(() => { void this.refresh(); }, INTERVAL_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Null before start() only. */
  get current(): T | null {
    return this.value;
  }

  private async refresh(): Promise<void> {
    const change = changeOf(this.file);
    if (change === this.seen) return;
    this.seen = change;
    try {
      this.value = await this.read();
      this.log.event(`${this.name}.loaded`);
    } catch (error) {
      if (isDomainError(error) && error.code === 'KEY_HOLDERS_UNAVAILABLE') this.seen = ''; // the ledger is away: look again
      else this.log.error(`${this.name}.refused`, error);
    }
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

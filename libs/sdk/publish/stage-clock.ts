/** Seconds during which at least one piece of a stage was under way. Stages overlap; their sum may exceed the whole. */
export class StageClock {
  private readonly active = new Map<string, { count: number; since: number }>();
  private readonly spentMs = new Map<string, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  async measure<T>(stage: string, work: () => Promise<T>): Promise<T> {
    this.enter(stage);
    try {
      return await work();
    } finally {
      this.leave(stage);
    }
  }

  enter(stage: string): void {
    const entry = this.active.get(stage) ?? { count: 0, since: 0 };
    if (entry.count === 0) entry.since = this.now();
    entry.count += 1;
    this.active.set(stage, entry);
  }

  leave(stage: string): void {
    const entry = this.active.get(stage)!;
    entry.count -= 1;
    if (entry.count === 0) this.spentMs.set(stage, (this.spentMs.get(stage) ?? 0) + this.now() - entry.since);
  }

  seconds(stage: string): number {
    return Math.round(this.spentMs.get(stage) ?? 0) / 1000;
  }
}

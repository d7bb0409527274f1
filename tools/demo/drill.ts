/** Kills each named process once while it works (SIGKILL) and sees it come back; the story must not change. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoDatabase } from './demo-database.js';
import type { DrillTarget } from './demo-options.js';
import type { DemoNetwork } from './demo-network.js';
import type { Narrator } from './narrator.js';

const PROCESS: Readonly<Record<Exclude<DrillTarget, 'postgres'>, string>> = { hub: 'hub', worker: 'worker', keyholder: 'keyholder-1' };
const BACK_WITHIN_MS = 30_000;

export class Drill {
  private readonly pending: Promise<void>[] = [];
  private readonly left: Set<DrillTarget>;

  constructor(targets: readonly DrillTarget[], private readonly network: DemoNetwork, private readonly database: DemoDatabase, private readonly narrator: Narrator) {
    this.left = new Set(targets);
  }

  /** Strikes once, some time after the step began. Does nothing for a target that was not asked for. */
  strike(target: DrillTarget, afterMs: number): void {
    if (!this.left.delete(target)) return;
    this.pending.push(this.killAndWait(target, afterMs));
  }

  private restarts(target: DrillTarget): number {
    return target === 'postgres' ? this.database.restarts : (this.network.restarts()[PROCESS[target]] ?? 0);
  }

  private async killAndWait(target: DrillTarget, afterMs: number): Promise<void> {
    await sleep(afterMs);
    const before = this.restarts(target);
    if (target === 'postgres') this.database.kill();
    else this.network.kill(PROCESS[target]);
    for (const end = Date.now() + BACK_WITHIN_MS; this.restarts(target) === before; await sleep(50)) {
      if (Date.now() > end) throw new Error(`${target} did not come back`);
    }
    this.narrator.say(`[drill] ${target} was killed and came back.`);
  }

  /** Waits for every strike; a target that was never struck is a drill that proved nothing. */
  async finish(): Promise<void> {
    await Promise.all(this.pending);
    if (this.left.size > 0) throw new Error(`drill: never struck ${[...this.left].join(', ')}`);
  }
}

/**
 * Time on the clock over several threads says something only while nothing else runs: on two cores every millisecond that another program
 * takes is missing from two threads and not from one. So it is measured how much of the machine was left.
 */
import os from 'node:os';

export interface Clocks {
  readonly cores: number;
  /** All three in milliseconds. `idle` and `own` are sums over cores and threads. */
  readonly wall: number;
  readonly idle: number;
  readonly own: number;
}

export function clocksNow(): Clocks {
  const { user, system } = process.cpuUsage();
  const cpus = os.cpus();
  return { cores: cpus.length, wall: performance.now(), idle: cpus.reduce((sum, { times }) => sum + times.idle, 0), own: (user + system) / 1000 };
}

/** Cores that were idle or worked for this process between two moments: what others took is missing, whoever they are. */
export function freeCores(from: Clocks, to: Clocks): number {
  return (to.idle - from.idle + to.own - from.own) / (to.wall - from.wall);
}

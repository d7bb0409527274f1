/**
 * Contestants take turns, round after round, so that a machine which slows down slows all of them; figures are medians. What is counted is
 * CPU time, not time on the clock: other work on the machine takes turns away but is not charged.
 */

export interface Contestant {
  /** How many items one turn is over. */
  readonly items: number;
  /** One turn. @returns the CPU time it took, in microseconds */
  readonly spend: () => number | Promise<number>;
}

/** Of this process, its threads and garbage collection included. */
function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** A contestant in this process. */
export function here(items: number, work: () => unknown): Contestant {
  return {
    items,
    spend: async () => {
      const start = cpuMicroseconds();
      await work();
      return cpuMicroseconds() - start;
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Medians, microseconds an item. One round that does not count warms up; then every other round runs in the opposite order. */
export async function perItem<K extends string>(contestants: Readonly<Record<K, Contestant>>, rounds: number, progress: (text: string) => void): Promise<Record<K, number>> {
  const names = Object.keys(contestants) as K[];
  const spent = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 && round > 0 ? names.toReversed() : names) {
      const { items, spend } = contestants[name];
      const microseconds = await spend();
      if (round > 0) spent.get(name)!.push(microseconds / items);
    }
    progress(`round ${String(round)} of ${String(rounds)}: ${names.join(', ')}`);
  }
  return Object.fromEntries(names.map((name) => [name, median(spent.get(name)!)])) as Record<K, number>;
}

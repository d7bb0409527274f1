/** Resident memory of another process, as the kernel counts it (Linux proc(5)), beside how many rows it has dealt with. */
import { readFileSync } from 'node:fs';

export interface ResidentMemory {
  /** Highest so far: counted by the kernel, so that nothing between two looks is missed. MB. */
  readonly peak: number;
  /** Heaps, stacks, buffers. MB. */
  readonly own: number;
  /** Pages of mapped files: the programs, and the vault's tables. MB. */
  readonly mapped: number;
}
export interface MemorySample extends ResidentMemory {
  readonly rows: number;
}

/** Text of /proc/PID/status. @returns null when it does not say (a process that has ended, another system) */
export function residentMemoryOf(status: string): ResidentMemory | null {
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  const memory = { peak: megabytes('VmHWM'), own: megabytes('RssAnon'), mapped: megabytes('RssFile') };
  return Object.values(memory).some(Number.isNaN) ? null : memory;
}

/** Peaks by rows. Looks at the process when it is told, and lets `rows` stand until the next time. */
export class MemoryWatch {
  readonly samples: MemorySample[] = [];

  constructor(private readonly pid: number) {}

  look(rows: number): void {
    const memory = residentMemoryOf(this.status());
    if (memory !== null) this.samples.push({ rows, ...memory });
  }

  private status(): string {
    try {
      return readFileSync(`/proc/${String(this.pid)}/status`, 'utf8');
    } catch {
      return '';
    }
  }
}

/** Highest memory until that many rows were dealt with; null when it was never looked at. */
export function peakUntil(samples: readonly MemorySample[], rows: number): number | null {
  const before = samples.filter((sample) => sample.rows <= rows);
  return before.length === 0 ? null : Math.max(...before.map(({ peak }) => peak));
}

/** About `count` samples, evenly over the rows, with the last one. */
export function thinned(samples: readonly MemorySample[], count: number): MemorySample[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  const step = last.rows / count;
  let next = step;
  const kept = samples.filter((sample) => {
    if (sample.rows < next || sample.rows === last.rows) return false;
    next = (Math.floor(sample.rows / step) + 1) * step;
    return true;
  });
  return [...kept, last];
}

/** What a suite of `npm run bench` gives back. */

/** A table for people, where a suite compares nothing with a target. */
export interface BenchTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** One figure beside its target. */
export interface BenchRow {
  readonly name: string;
  /** null: could not be measured here; `note` says why. */
  readonly figure: number | null;
  readonly pass: number;
  readonly aim: number;
  readonly better: 'higher' | 'lower';
  /** What was divided by what, per item. */
  readonly note: string;
}

export interface BenchReport {
  readonly rows?: readonly BenchRow[];
  readonly tables?: readonly BenchTable[];
}

export interface BenchContext {
  /** Folder of the data that lies beside the project. */
  readonly shared: string;
  /** Interleaved rounds; a figure is a median over them. */
  readonly rounds: number;
  /** Only rows whose name contains it; empty: all. */
  readonly only: string;
  readonly engine: 'kernel' | 'libsodium';
  /** Rows of the file that the agent's memory is watched over. */
  readonly rows: number;
  readonly progress: (text: string) => void;
}

export interface BenchSuite {
  readonly about: string;
  run(context: BenchContext): BenchReport | Promise<BenchReport>;
}

export type Verdict = 'aim' | 'pass' | 'MISSED' | 'skipped';

export function verdictOf({ figure, pass, aim, better }: BenchRow): Verdict {
  if (figure === null) return 'skipped';
  const reaches = (target: number): boolean => (better === 'higher' ? figure >= target : figure <= target);
  return reaches(aim) ? 'aim' : reaches(pass) ? 'pass' : 'MISSED';
}

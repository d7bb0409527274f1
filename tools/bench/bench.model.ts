/** What a suite of `npm run bench` gives back: tables for people, the same as JSON with --json. */
export interface BenchTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** One guard taken away, and the test that must turn red for it. */
export interface Mutant {
  /** `room/what-is-gone`, unique. */
  readonly name: string;
  /** What the guard protects from, in one sentence. */
  readonly guard: string;
  readonly edits: readonly Edit[];
  readonly test: TestRun;
}

/** Replaces one stretch of text; it must occur exactly once, so that a mutant cannot rot into doing nothing. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export type TestRun = SpecRun | CheckRun;

/** A check that is a program: exit 0 when all is well. It runs on a fresh build. */
export interface CheckRun {
  /** Arguments of node, from the root of the project. */
  readonly check: readonly string[];
}

export interface SpecRun {
  readonly project: 'unit' | 'architecture' | 'vectors' | 'integration' | 'e2e' | 'federation';
  /** Path of one spec file. */
  readonly file: string;
  /** Only tests whose full name contains this. */
  readonly only?: string;
}

export type Outcome =
  /** At least one test failed. */
  | 'caught'
  /** Every test still passes without the guard. */
  | 'survived'
  /** Nothing was judged: the edit does not apply, the test was red before, or no test ran. */
  | 'broken';

export interface Verdict {
  readonly name: string;
  readonly guard: string;
  readonly outcome: Outcome;
  /** Full names of the tests that turned red, or why nothing was judged. */
  readonly detail: readonly string[];
  readonly seconds: number;
}

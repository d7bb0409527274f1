/**
 * A test that is red without any mutant proves nothing, so each test runs first in the untouched copy. Then one mutant at a
 * time: apply, run, restore.
 */
import { applyEdits } from './apply-edits.js';
import type { Mutant, TestRun, Verdict } from './mutant.model.js';
import { runTest } from './run-test.js';
import type { ScratchCopy } from './scratch-copy.js';

type Finding = Pick<Verdict, 'outcome' | 'detail'>;

export async function judgeMutants(copy: ScratchCopy, mutants: readonly Mutant[], report: (verdict: Verdict) => void): Promise<Verdict[]> {
  const healthy = new Map<string, string | null>();
  const verdicts: Verdict[] = [];
  for (const mutant of mutants) {
    const begin = Date.now();
    const found = await judgeMutant(copy, mutant, healthy);
    const verdict = { name: mutant.name, guard: mutant.guard, ...found, seconds: (Date.now() - begin) / 1000 };
    report(verdict);
    verdicts.push(verdict);
  }
  return verdicts;
}

async function judgeMutant(copy: ScratchCopy, mutant: Mutant, healthy: Map<string, string | null>): Promise<Finding> {
  let changed: Map<string, string>;
  try {
    changed = applyEdits(mutant.edits, (file) => copy.read(file));
  } catch (error) {
    return { outcome: 'broken', detail: [(error as Error).message] };
  }
  const sick = await faultBefore(copy, mutant.test, healthy);
  if (sick !== null) return { outcome: 'broken', detail: [`before the edit: ${sick}`] };
  const originals = new Map([...changed.keys()].map((file) => [file, copy.read(file)]));
  try {
    copy.write(changed);
    const { failed, fault } = await runTest(copy.dir, mutant.test);
    if (fault !== null) return { outcome: 'broken', detail: [fault] };
    return failed.length > 0 ? { outcome: 'caught', detail: failed } : { outcome: 'survived', detail: ['check' in mutant.test ? mutant.test.check.join(' ') : mutant.test.file] };
  } finally {
    copy.write(originals);
  }
}

async function faultBefore(copy: ScratchCopy, test: TestRun, healthy: Map<string, string | null>): Promise<string | null> {
  const key = JSON.stringify(test);
  const known = healthy.get(key);
  if (known !== undefined) return known;
  const { failed, fault } = await runTest(copy.dir, test);
  const sick = fault ?? (failed.length > 0 ? `red: ${failed[0] ?? ''}` : null);
  healthy.set(key, sick);
  return sick;
}

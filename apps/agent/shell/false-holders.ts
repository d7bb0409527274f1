/** What is said of key-holders that answered falsely or lied in fast mode: at once while a command runs, and in its result. */
import type { FalseHolder, FastVerdict } from '#sdk';
import type { Shell } from './shell.js';

/** For a person as a remark, for a log as an event; nothing is lost but time. */
export function onFalseHolder(shell: Shell): (found: FalseHolder) => void {
  return ({ holder, id, lie }) => {
    shell.note('holder.false', { holder, id, lie });
    shell.event('holder.answered-falsely', { holder, id, lie });
  };
}

export function falseHolderLines(shell: Shell, falseHolders: readonly FalseHolder[]): string[] {
  return falseHolders.map(({ holder, id, lie, times }) => shell.text('holder.leftOut', { holder, id, lie, times }));
}

/** Who lied, or refused, in fast mode; a failed check costs time, not rows. */
export function tellFailedChecks(shell: Shell, failedChecks: readonly FastVerdict[]): void {
  for (const { liars, lyingCombiner, undetermined, refusedBy } of failedChecks) {
    if (refusedBy.length > 0) { shell.note('publish.fastRefused', { holders: refusedBy.join(', ') }); continue; }
    const named = [...liars.map(({ holder, lie }) => `${holder} (${lie})`), ...(lyingCombiner === null ? [] : [lyingCombiner]), ...undetermined.map((holder) => `${holder}?`)];
    shell.note('publish.checkFailed', { liars: named.join(', '), files: liars.flatMap(({ evidence }) => evidence ?? []).join(', ') || '-' });
  }
}

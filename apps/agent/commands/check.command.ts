import { DomainError } from '#kernel';
import { kindNamed } from '#indicators';
import { HubClient, Tokeniser, checkValues, inlineRunner, type CheckedValue } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readLines } from '../shell/input.js';
import type { Shell } from '../shell/shell.js';
import { statedPurposeOf, type StatedOptions } from '../shell/stated-purpose.js';
import { withVault } from '../shell/with-vault.js';

interface CheckOptions extends StatedOptions {
  readonly kind?: string;
}

export const checkCommand: CommandModule = {
  register(program, shell) {
    program.command('check <source>').description(shell.text('check.description'))
      .option('--kind <kind>', shell.text('check.kind'))
      .option('--purpose <code>', shell.text('overlaps.purpose'))
      .option('--legal-basis <code[:law:article]>', shell.text('overlaps.legalBasis'))
      .action(async (source: string, options: CheckOptions) => {
        const { purpose, legalBasis } = statedPurposeOf(shell, options);
        if (options.kind !== undefined && kindNamed(options.kind) === null) throw new DomainError('KIND_UNKNOWN', 'unknown kind', { option: '--kind' });
        const values = (await readLines(shell, source)).map(({ line, text }) => valueOf(line, text, kindNamed(options.kind ?? '')?.kind));
        const checked = await withVault(shell, async (home, vault) =>
          checkValues(new HubClient(home), await Tokeniser.open(home, vault, inlineRunner()), vault, values, purpose, legalBasis));
        tell(shell, checked);
      });
  },
};

/** With --kind a line is a value; without, it is `kind,value`. */
function valueOf(line: number, text: string, kind: string | undefined): { line: number; kind: string; value: string } {
  if (kind !== undefined) return { line, kind, value: text };
  const comma = text.indexOf(',');
  const word = text.slice(0, Math.max(comma, 0)).trim();
  const named = kindNamed(word);
  if (named === null) throw new DomainError('KIND_UNKNOWN', 'a line names no known kind', { line, expected: 'kind,value or --kind' });
  return { line, kind: named.kind, value: text.slice(comma + 1) };
}

function tell(shell: Shell, checked: readonly CheckedValue[]): void {
  const head = ['check.line', 'check.kindHead', 'check.strength', 'check.members', 'check.categories', 'check.levels', 'check.lastSeen'] as const;
  const rows = checked.flatMap(({ line, kind, notAsked, forms }) => {
    const start = [String(line), kind];
    if (notAsked !== null) return [[...start, notAsked.code, '', shell.language === 'zh' ? notAsked.reasonZh : notAsked.reason]];
    if (forms.length === 0) return [[...start, '', '0']];
    return forms.map((form) => [...start, form.variant === 'canonical' ? form.strength : `${form.strength} (${form.variant})`, form.members, form.categories.join(';'), form.levels.join(';'), form.lastSeen ?? '']);
  });
  shell.result(checked, [...shell.table(head.map((key) => shell.text(key)), rows), shell.text('check.lead')]);
}

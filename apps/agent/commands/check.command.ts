import { DomainError } from '#kernel';
import { isIndicatorKind } from '#indicators';
import { PURPOSES, isCode, type StatedBasis } from '#protocol';
import { HubClient, Tokeniser, checkValues, inlineRunner, isStatedBasis, type CheckedValue } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readLines } from '../shell/input.js';
import type { Shell } from '../shell/shell.js';
import { withVault } from '../shell/with-vault.js';

interface CheckOptions {
  readonly kind?: string;
  readonly purpose: string;
  readonly legalBasis: string;
}

export const checkCommand: CommandModule = {
  register(program, shell) {
    program.command('check <source>').description(shell.text('check.description'))
      .option('--kind <kind>', shell.text('check.kind'))
      .requiredOption('--purpose <code>', shell.text('check.purpose'))
      .requiredOption('--legal-basis <code[:law:article]>', shell.text('check.legalBasis'))
      .action(async (source: string, options: CheckOptions) => {
        const legalBasis = basisOf(options.legalBasis);
        if (!isCode(PURPOSES, options.purpose)) throw new DomainError('BAD_INPUT', 'unknown purpose', { option: '--purpose', allowed: Object.keys(PURPOSES) });
        if (options.kind !== undefined && !isIndicatorKind(options.kind)) throw new DomainError('KIND_UNKNOWN', 'unknown kind', { option: '--kind' });
        const values = (await readLines(shell, source)).map(({ line, text }) => valueOf(line, text, options.kind));
        const checked = await withVault(shell, async (home, vault) =>
          checkValues(new HubClient(home), await Tokeniser.open(home, vault, inlineRunner()), values, options.purpose, legalBasis));
        tell(shell, checked);
      });
  },
};

/** With --kind a line is a value; without, it is `kind,value`. */
function valueOf(line: number, text: string, kind: string | undefined): { line: number; kind: string; value: string } {
  if (kind !== undefined) return { line, kind, value: text };
  const comma = text.indexOf(',');
  const word = text.slice(0, Math.max(comma, 0)).trim();
  if (!isIndicatorKind(word)) throw new DomainError('KIND_UNKNOWN', 'a line names no known kind', { line, expected: 'kind,value or --kind' });
  return { line, kind: word, value: text.slice(comma + 1) };
}

export function basisOf(text: string): StatedBasis {
  const [code, law, article] = text.split(':').map((part) => part.trim());
  const basis = { code, ...(law ? { law } : {}), ...(article ? { article } : {}) };
  if (!isStatedBasis(basis)) throw new DomainError('BAD_INPUT', 'not a legal basis', { option: '--legal-basis', expected: 'CODE or CODE:law:article' });
  return basis;
}

function tell(shell: Shell, checked: readonly CheckedValue[]): void {
  const head = ['check.line', 'check.kindHead', 'check.strength', 'check.members', 'check.categories', 'check.levels', 'check.lastSeen'] as const;
  const rows = checked.flatMap(({ line, kind, notAsked, forms }) => {
    const start = [String(line), kind];
    if (notAsked !== null) return [[...start, notAsked.code, '', shell.language === 'zh' ? notAsked.reasonZh : notAsked.reason]];
    if (forms.length === 0) return [[...start, '', '0']];
    return forms.map((form) => [...start, form.strength, form.members, form.categories.join(';'), form.levels.join(';'), form.lastSeen ?? '']);
  });
  shell.result(checked, [...shell.table(head.map((key) => shell.text(key)), rows), shell.text('check.lead')]);
}

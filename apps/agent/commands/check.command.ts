import { HubClient, Tokeniser, checkValues, inlineRunner, loadBrandIndex, type CheckedValue } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { onFalseHolder } from '../shell/false-holders.js';
import { readLines } from '../shell/input.js';
import { kindAndValue } from '../shell/kind-and-value.js';
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
        const values = (await readLines(shell, source)).map(({ line, text }) => ({ line, ...kindAndValue(line, text, options.kind) }));
        const onFormerUnanswered = (epoch: number): void => {
          shell.note('check.formerUnanswered', { epoch });
          shell.event('check.former-unanswered', { epoch });
        };
        const checked = await withVault(shell, async (home, vault) => {
          const tokeniser = await Tokeniser.open(home, vault, inlineRunner(), { onFalseHolder: onFalseHolder(shell) });
          return checkValues(new HubClient(home), tokeniser, vault, values, { purpose, legalBasis, brands: await loadBrandIndex(home), onFormerUnanswered });
        });
        tell(shell, checked);
      });
  },
};

function tell(shell: Shell, checked: readonly CheckedValue[]): void {
  const head = ['check.line', 'check.kindHead', 'check.strength', 'check.members', 'check.categories', 'check.levels', 'check.lastSeen'] as const;
  const rows = checked.flatMap(({ line, kind, notAsked, forms }) => {
    const start = [String(line), kind];
    if (notAsked !== null) return [[...start, notAsked.code, '', shell.language === 'zh' ? notAsked.reasonZh : notAsked.reason]];
    if (forms.length === 0) return [[...start, '', '0']];
    return forms.map((form) => [...start, form.variant === 'canonical' ? form.strength : `${form.strength} (${form.variant})`, form.members, form.categories.join(';'), form.levels.join(';'), form.lastSeen ?? '']);
  });
  const near = checked.flatMap(({ line, brands }) => brands.map(({ brandId, relation, how, strong }) => shell.text('check.brand', { line, brandId, finding: how ?? relation, strength: strong ? 'strong' : 'weak' })));
  shell.result(checked, [...shell.table(head.map((key) => shell.text(key)), rows), ...near, shell.text('check.lead')]);
}

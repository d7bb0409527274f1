/** `tally kinds`: what the network can compare, out of the normalisers themselves. */
import { INDICATOR_KINDS, kindVersion, normalise, normalisers, WEAK_FORMS, type IndicatorKind } from '#indicators';
import { TOKEN_KINDS } from '#protocol';
import type { CommandModule } from '../shell/command-module.js';

export const kindsCommand: CommandModule = {
  register(program, shell) {
    program.command('kinds').description(shell.text('kinds.description'))
      .action(() => {
        const kinds = INDICATOR_KINDS.map(described);
        const { language } = shell;
        shell.result(kinds, kinds.flatMap(({ kind, version, description, entropy, sensitive, matched, variants, examples, rejects }) => [
          `${kind}  ${description[language]}`,
          `  ${version}, ${shell.text('kinds.entropy', { entropy })}${sensitive ? `, ${shell.text('kinds.sensitive')}` : ''}${matched ? '' : `, ${shell.text('kinds.local')}`}`,
          ...variants.map((variant) => `  ${shell.text('kinds.weak')} ${variant.kind} (${variant.variant}): ${variant[language]}`),
          ...examples.map(({ raw, canonical }) => `  ${JSON.stringify(raw)} -> ${canonical ?? shell.text('kinds.local')}`),
          ...rejects.map(({ raw, code }) => `  ${JSON.stringify(raw)} x ${code}`),
          '',
        ]));
      });
  },
};

function described(kind: IndicatorKind) {
  const { description, entropy, weakForms, examples, rejects } = normalisers[kind];
  return {
    kind, version: kindVersion(kind), description, entropy, sensitive: TOKEN_KINDS[kind].sensitive, matched: TOKEN_KINDS[kind].matched,
    variants: weakForms.map((form) => ({ kind: form, ...WEAK_FORMS[form], strength: 'weak' as const })),
    examples: examples().map(({ raw }) => {
      const result = normalise(kind, raw);
      const forms = 'forms' in result ? result.forms : [];
      return { raw, canonical: forms[0]?.value ?? null, weak: forms.slice(1).map(({ kind: form, value }) => ({ kind: form, canonical: value })) };
    }),
    rejects: rejects(),
  };
}

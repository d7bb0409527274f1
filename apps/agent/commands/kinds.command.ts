/** `tally kinds`: what the network can compare, out of the normalisers themselves. */
import { INDICATOR_KINDS, kindVersion, normalise, normalisers, WEAK_FORMS, type IndicatorKind } from '#indicators';
import { TOKEN_KINDS, type TokenKind } from '#protocol';
import type { CommandModule } from '../shell/command-module.js';

export const kindsCommand: CommandModule = {
  register(program, shell) {
    program.command('kinds').description(shell.text('kinds.description'))
      .action(() => {
        const kinds = INDICATOR_KINDS.map(described);
        const { language } = shell;
        shell.result(kinds, kinds.flatMap(({ kind, version, description, entropy, sensitive, byBands, variants, examples, rejects }) => [
          `${kind}  ${description[language]}`,
          `  ${version}, ${shell.text('kinds.entropy', { entropy })}${sensitive ? `, ${shell.text('kinds.sensitive')}` : ''}${byBands ? `, ${shell.text('kinds.bands')}` : ''}`,
          ...variants.map((variant) => `  ${shell.text('kinds.weak')} ${variant.kind} (${variant.variant}): ${variant[language]}`),
          ...examples.map(({ raw, canonical }) => `  ${JSON.stringify(raw)} -> ${canonical}`),
          ...rejects.map(({ raw, code }) => `  ${JSON.stringify(raw)} x ${code}`),
          '',
        ]));
      });
  },
};

function described(kind: IndicatorKind) {
  const { sensitive, byBands = false }: TokenKind = TOKEN_KINDS[kind];
  const { description, entropy, weakForms, examples, rejects } = normalisers[kind];
  return {
    kind, version: kindVersion(kind), description, entropy, sensitive, byBands,
    variants: weakForms.map((form) => ({ kind: form, ...WEAK_FORMS[form], strength: 'weak' as const })),
    examples: examples().map(({ raw }) => {
      const result = normalise(kind, raw);
      const forms = 'forms' in result ? result.forms : [];
      return { raw, canonical: forms[0]?.value ?? '', weak: forms.slice(1).map(({ kind: form, value }) => ({ kind: form, canonical: value })) };
    }),
    rejects: rejects(),
  };
}

/** docs/recognition-codes.md out of the taxonomy itself (libs/protocol). */
import {
  CATEGORIES, LAWS, LEGAL_BASES, LEVELS, MEANS, PROOF_FIELDS, PURPOSES, RETRACTION_REASONS, ROLES, TAXONOMY_VERSION, TLPS, TOKEN_KINDS, WEAK_TOKEN_KINDS,
  type Bilingual, type Category, type Means,
} from '#protocol';

const HEAD = `# Recognition codes

Version ${TAXONOMY_VERSION}. Printed from libs/protocol (taxonomy*.ts, legal-bases.ts) by \`npm run doc:codes\`; a test compares.

A clue is a token with these words. What a clue lacks is refused, never defaulted; the hub judges each clue by the rules below and answers a refusal
with one code and the name of the member at fault. Codes are never reused or renamed within a major version; texts may be improved.
`;

const RULES = `
## What is refused

| rule | code |
| --- | --- |
| \`INDIVIDUAL_NOT_GREY_INDUSTRY\` exists so that a member can record it; it is never shared | \`CATEGORY_NOT_SHAREABLE\` |
| A guarded category without a recognised means of its own, or whose subject is not an \`AGENT\`: complaining is a right | \`EVIDENCE_INSUFFICIENT\` |
| A level whose conditions are not met; a means counts only for the categories it names | \`EVIDENCE_INSUFFICIENT\` |
| \`L0\` (stays local); TLP \`CLEAR\` (a token is personal information) | \`POLICY_FORBIDS\` |
| A statutory duty or another law without law and article; the Anti-Telecom and Online Fraud Law for a category that is not telecom or online fraud, however its name is spelled | \`BASIS_NOT_APPLICABLE\` |
| A purpose, role, category, means or basis that is not on these lists: marketing and credit scoring cannot be expressed | \`BAD_INPUT\` |
| A kind that makes no tokens | \`KIND_UNKNOWN\` |
| A clue id that was used before for something else | \`ALREADY_EXISTS\` |

A clue whose subject is a victim or a complainant is kept for its publisher and never takes part in a match or an answer.
`;

type Row = readonly string[];
const table = (head: Row, rows: readonly Row[]): string =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
const section = (title: string, head: Row, rows: readonly Row[]): string => `\n## ${title}\n\n${table(head, rows)}\n`;
const code = (text: string): string => `\`${text}\``;
const words = <T extends Bilingual>(codes: Readonly<Record<string, T>>, more: (item: T, code: string) => Row = () => []): Row[] =>
  Object.entries(codes).map(([name, item]) => [code(name), item.zh, item.en, ...more(item, name)]);
const yes = (is: boolean): string => (is ? 'yes' : '');

export function recognitionCodesDocument(): string {
  const bilingual = ['code', '中文', 'English'];
  return [
    HEAD, RULES,
    section('Categories', [...bilingual, 'shareable', 'guarded', 'telecom or online fraud'],
      words<Category>(CATEGORIES, ({ shareable, guarded, onlineFraud }) => [shareable ? 'yes' : '**never**', yes(guarded), yes(onlineFraud)])),
    section('Recognition means', [...bilingual, 'counts for', 'evidence (all of it for L3)', '认定规则', 'rule'],
      words<Means>(MEANS, ({ categories, evidence, rule }) => [categories === null ? 'every category that is not guarded' : categories.map(code).join(', '), evidence.map(code).join(', '), rule.zh, rule.en])),
    section('Proof fields', bilingual, words(PROOF_FIELDS)),
    section('Confirmation levels', [...bilingual, 'days', '条件', 'condition'], words(LEVELS, ({ days, rule }) => [String(days), rule.zh, rule.en])),
    section('Subject roles', [...bilingual, 'appears in matches'], words(ROLES, ({ matchable }) => [yes(matchable)])),
    section('Purposes', bilingual, words(PURPOSES)),
    section('Legal bases', [...bilingual, 'citation', 'needs law and article'], words(LEGAL_BASES, ({ citation, needsArticle }) => [citation, yes(needsArticle)])),
    section('Laws with a code', [...bilingual, 'telecom or online fraud only'], words(LAWS, ({ onlineFraudOnly }) => [yes(onlineFraudOnly)])),
    section('Handling (TLP 2.0)', [...bilingual, 'for clues'], words(TLPS, ({ publishable }) => [yes(publishable)])),
    section('Reasons of a retraction', bilingual, words(RETRACTION_REASONS)),
    section('Kinds of tokens', [...bilingual, 'sensitive (PIPL 28)', 'tokens'], words(TOKEN_KINDS, ({ sensitive, matched }) => [yes(sensitive), matched ? 'yes' : 'stays local'])),
    section('Kinds of weak forms', [...bilingual, 'variant', 'derived from'], words(WEAK_TOKEN_KINDS, ({ variant, of }) => [variant, of.map((base: string) => code(base)).join(', ')])),
  ].join('');
}

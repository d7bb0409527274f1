/** docs/indicators.md out of the normalisers themselves: their examples and rejects are its tables. */
import { INDICATOR_KINDS, normalise, normalisers, REJECT_CODES, REJECT_TEXTS, WEAK_FORMS, type IndicatorKind } from '#indicators';
import { TOKEN_KINDS, type TokenKind } from '#protocol';

const HEAD = `# Indicators

Made by \`npm run doc:indicators\` from the normalisers' own examples; a test compares.

An indicator is a kind and a raw value. Its normaliser gives **forms**: the first is the canonical one (\`exact\`), further ones
are derived (\`weak\`) and have a kind of their own, so that a weak form never meets an exact one. Only forms become tokens. A value that cannot
be one indicator is rejected with a code; the value itself is never echoed. \`kind@version\` travels with each clue: another version means other tokens.

What one spelling is, and what is two values, is decided by sources named in each file's head (libs/indicators/kinds, data).
In doubt values stay apart: an overlap that is missed costs a lead, a false one accuses somebody.

| kind | what it is | 说明 | version | value space | weak forms |
| --- | --- | --- | --- | --- | --- |
`;

const WEAK_HEAD = `
## Weak forms

An overlap on a weak form says so, and says on which variant.

| kind of token | variant | what it is | 说明 |
| --- | --- | --- | --- |
`;

const LIMITS = `
## What is not folded, on purpose

- Region words, 集团, 控股, brackets' contents, 有限公司 against 股份有限公司: other entities. 有限责任公司 and 有限公司 are one form, 股份公司 and
  股份有限公司 too (Company Law of China 2023, Article 7).
- Look-alike characters (囯 for 国, エ for 工): an impersonation is not a spelling. Traditional characters are folded character by character, so
  names that differ only in characters with one simplified form (乾 and 干) meet.
- Short names against registered names (山东海化): needs an alias table. 96xxx and 12345 numbers of two areas: two numbers.
- \`http\` against \`https\`, \`www.\`, path case, order of query parameters: servers tell them apart; the weak forms meet.
- Hosts that many share (short links, short videos, cloud documents) give no weak form: it would accuse everybody there.
- Bare \`951x...\` and \`106x...\` are service numbers; behind a trunk zero or +86 they are landlines of Ningxia and Beijing. Behind a trunk zero, or with the area
  code as a group of its own, they are nothing else: \`010-6555012\` lacks a digit and is no port of text messages.
- \`1-385-555-0143\` is +1 385 ... to its writer and a Chinese mobile number to a reader of digits: refused until the country code stands before it.
- Names with a part masked or left out (武汉**科技, 某银行, XX公司), a trade alone (贷款公司), two names or two addresses in one cell: they stand for many, or for nobody.
- Han that goes on directly behind a letter or digit of a path (\`/pay点击领取\`) is the message; behind \`/\`, \`=\`, \`-\`, or in a query, it is the address.
- Folding rests on Unicode (NFKC, case, IDNA) as the runtime ships it: stable for assigned characters, not for ones its version does not know yet. Where the URL parsers of Node 20 and
  24 differ (\`^\` in a path, letters of both directions in one label) the code decides; \`test/vectors/canonical-digests.spec.ts\` holds digests seen on both.
- A landline without area code, an account without platform, a masked number: rejected, never guessed.

## Warning lists

\`warningFor(form, role, policy)\`: emergency and authority numbers are refused for the roles agent and suspect; hotlines of banks, insurers and carriers
in every role but impersonated; reserved, fictional and test ranges always. In a \`synthetic\` federation all of them are told and none refuses.
`;

/** Figures and rows: `npm run bench -- normalise`. A miss without a reason here is a fault. */
const MISSES = `
## What still misses, and why

\`npm run bench -- normalise\` runs every file of the reference data through the reading of \`tally normalise\` and prints what misses. All rows
marked \`must\` and \`should\` come out as expected; what does not:

| file | rows | reason |
| --- | --- | --- |
| phones/intl-examples.csv | 1, China (premium rate) | \`168xxxxx\` cannot be dialled from abroad: \`CN-DOM:\`, not E.164 |
| names/cn-service-orgs.csv | 1, \`X\` | one letter names nobody |
| names/name-pairs-cn.csv, level info | 137 of 150 | the short name of an exchange is not in the registered name, or is it cut: an alias table's work |
| names/name-pairs-en.csv | 42 of 91 same | 27 are misspelt names (Macrosoft, Tayota): a token is equal or not, the imitation test tells most of them; 8 are two funds or trusts with another numeral; 3 are another transliteration or alphabet; 2 a branch named by its country; 1 another word order; 1 written as 3%ers |
| names/name-pairs-en.csv | 1 of 44 different, core only | Deutsche Bank AG and Deutsche Bank GmbH have one core: what a weak overlap is |
| phones/ftc-dnc-format-synthetic.csv | all 300 refused, as they must | ten digits without a country are no number in a network that spans countries: never guessed |

On both pair files, without the level info, full or core meets 917 of 959 (recall 0.956) and merges 1 of 403 (precision 0.999); full alone merges none.
No kind is detected for 64 hexadecimal digits (hash of an identity number, or OAID), for an opaque token without a column that names it, for
one word of three letters or fewer.

## Time

Every kind answers for every text within 5 ms of CPU, at its longest accepted length and beyond: below 3 ms for each of 130 hostile runs (brackets, quotation marks, piled accents,
characters that grow eighteenfold by NFKC) between ten beginnings and twelve ends. A complaint may have 32,000 characters, and its first 4,000 are
[compared](complaint-texts.md): below 3 ms where no piece of it repeats. Longer texts are refused unread; so is one with more than 30 marks on a character (\`MALFORMED_TEXT\`): putting them in order costs the square of their number.
`;

const code = (text: string): string => (text === '' ? '(empty)' : `\`${text.replaceAll('|', '\\|').replaceAll('\u3000', ' ').trim()}\``);

function section(kind: IndicatorKind): string {
  const normaliser = normalisers[kind];
  const examples = normaliser.examples().map(({ raw }) => {
    const result = normalise(kind, raw);
    const forms = 'forms' in result ? result.forms : [];
    const weak = forms.slice(1).map((form) => code(`${form.kind} ${form.value}`)).join(', ');
    return `| ${code(raw)} | ${code(forms[0]?.value ?? '')} | ${weak} |`;
  });
  const rejects = normaliser.rejects().map((reject) => `${code(reject.raw)} ${reject.code}`).join(' · ');
  return `\n### ${kind}\n\n| raw | exact | weak |\n| --- | --- | --- |\n${examples.join('\n')}\n\nRejected: ${rejects}\n`;
}

export function indicatorsDocument(): string {
  const kinds = INDICATOR_KINDS.map((kind) => {
    const { description, version, entropy, weakForms } = normalisers[kind];
    const { byBands }: TokenKind = TOKEN_KINDS[kind];
    const weak = byBands ? 'bands: [complaint texts](complaint-texts.md)' : weakForms.map((form) => code(form)).join(', ') || 'none';
    return `| ${code(kind)} | ${description.en} | ${description.zh} | ${String(version)} | ${entropy} | ${weak} |`;
  });
  const weakForms = Object.entries(WEAK_FORMS).map(([form, { variant, en, zh }]) => `| ${code(form)} | ${variant} | ${en} | ${zh} |`);
  const codes = REJECT_CODES.map((reject) => `| ${reject} | ${REJECT_TEXTS[reject][0]} | ${REJECT_TEXTS[reject][1]} |`);
  return `${HEAD}${kinds.join('\n')}\n${WEAK_HEAD}${weakForms.join('\n')}\n\n## Examples\n${INDICATOR_KINDS.map(section).join('')}${LIMITS}${MISSES}
## Reject codes

| code | English | 中文 |
| --- | --- | --- |
${codes.join('\n')}
`;
}

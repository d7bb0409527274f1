/**
 * A member's agent from CSV to tokens, in a process of its own whose CPU time is its figure: reads, normalises, journals, blinds, asks the
 * key-holders, verifies, finalises. `agent-path.js HOME CSV ENGINE`; prints { rows, tokens, cpuSeconds, seconds } as JSON.
 */
import { PADDING_BULK } from '#crypto';
import { BrandIndex, type Form } from '#indicators';
import { inlineRunner, openHome, openSourceFile, parseProfile, readRows, setEngine, takeIn, Tokeniser, Vault } from '#sdk';
import { v7 as uuidV7 } from 'uuid';
import { PROFILE } from '../../demo/journey-publish.js';

const FORMS = 4_096;
const [, , homeFolder, csv, engine] = process.argv as [string, string, string, string, string];

setEngine(engine === 'kernel' ? 'kernel' : 'libsodium');
const home = openHome(homeFolder);
const vault = await Vault.open(home);
const tokeniser = await Tokeniser.open(home, vault, inlineRunner());
const publicationId = uuidV7();
const rules = { profile: parseProfile(PROFILE), policy: 'synthetic', now: new Date(), valueKind: null, brands: new BrandIndex([]) } as const;
let [rows, window, tokens] = [0, 0, 0];
let forms = new Map<string, Form>();

async function tokenise(): Promise<void> {
  const batch = { forms: [...forms.values()], seals: [], padTo: PADDING_BULK, budget: 'publish', journal: { publicationId, window } } as const;
  const { tokens: made } = await tokeniser.tokenise(batch);
  await vault.forgetBatches(publicationId);
  tokens += made.length;
  window += 1;
  forms = new Map();
}

const start = process.cpuUsage();
const startedAt = performance.now();
for await (const row of readRows(await openSourceFile(csv))) {
  rows += 1;
  const intake = takeIn(row, rules);
  if (!('candidate' in intake)) continue;
  for (const form of intake.candidate.forms) forms.set(`${form.kind} ${form.value}`, form);
  if (forms.size >= FORMS - 8) await tokenise();
}
if (forms.size > 0) await tokenise();
const { user, system } = process.cpuUsage(start);
await vault.close();
process.stdout.write(`${JSON.stringify({ rows, tokens, cpuSeconds: (user + system) / 1e6, seconds: (performance.now() - startedAt) / 1000 })}\n`);
process.exit(0);

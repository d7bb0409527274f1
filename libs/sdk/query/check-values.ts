/** Check mode: a few values against the network. The hub learns their tokens, purpose and legal basis, never the values. */
import { PADDING_SINGLE } from '#crypto';
import { normalise, type BrandFinding, type BrandIndex, type Form } from '#indicators';
import type { Band, StatedBasis } from '#protocol';
import { randomUUID } from 'node:crypto';
import type { TokenInput, Tokeniser } from '../tokenise/tokeniser.js';
import { DOCUMENTS } from '../transport/documents.js';
import type { HubClient } from '../transport/hub-client.js';
import { TokenCache } from '../vault/token-cache.js';
import type { Vault } from '../vault/vault.js';

/** Tokens a request (contract of the hub), and so forms a batch. */
const TOKENS_MAX = 500;

export interface ValueToCheck {
  /** Line of the input, from 1: answers speak of lines, not of values. */
  readonly line: number;
  readonly kind: string;
  readonly value: string;
}
export interface CheckedForm {
  readonly strength: 'exact' | 'weak';
  /** Which form of the value met: `canonical`, or the name of the weak variant. */
  readonly variant: Form['variant'];
  readonly members: '0' | '1' | '2+';
  readonly categories: readonly string[];
  readonly levels: readonly string[];
  readonly impersonated: boolean;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}
export interface CheckedValue {
  readonly line: number;
  readonly kind: string;
  /** Why the value was not asked; null when it was. */
  readonly notAsked: { readonly code: string; readonly reason: string; readonly reasonZh: string } | null;
  readonly hit: boolean;
  /** Brands that the value is or comes near; stays here. */
  readonly brands: readonly BrandFinding[];
  /** Of the forms that hit, the exact one first. */
  readonly forms: readonly CheckedForm[];
}
interface HubCheckAnswer {
  readonly index: number;
  readonly band: Band;
  readonly strength: 'EXACT' | 'WEAK' | null;
  readonly impersonated: boolean;
  readonly categories: readonly string[];
  readonly levels: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}
/** A text has no token of its own that others could hold. */
const SIMILARITY_ONLY = { code: 'SIMILARITY_ONLY', reason: 'texts are compared when they are published, by similarity', reasonZh: '文本仅在发布时按相似度比对' };
const MEMBERS = { ZERO: '0', ONE: '1', TWO_OR_MORE: '2+' } as const satisfies Record<Band, CheckedForm['members']>;

export interface CheckOptions {
  readonly purpose: string;
  readonly legalBasis: StatedBasis;
  readonly brands: BrandIndex;
  /** The hub goes on with an epoch before this one, in which no key-holder answers: clues that wait there are not found. */
  readonly onFormerUnanswered: (epoch: number) => void;
}

/**
 * While members move to a new epoch, a value is asked in both: a clue has its token in whichever its publisher is in. The answer is that of
 * the epoch in which more members hold it (docs/protocol/epochs.md).
 * @throws KIND_UNKNOWN for a kind that does not exist; what either epoch's key-holders refuse with: an answer over one of two would miss clues
 */
export async function checkValues(hub: HubClient, tokeniser: Tokeniser, vault: Vault, values: readonly ValueToCheck[], options: CheckOptions): Promise<CheckedValue[]> {
  const asked = values.map((value) => ({ ...value, normalised: normalise(value.kind, value.value) }));
  const forms = asked.flatMap(({ line, normalised }) => ('forms' in normalised && !normalised.bands ? normalised.forms.map((form) => ({ line, form })) : []));
  const answers = forms.length === 0 ? [] : await askInParts(hub, await epochsToAsk(hub, tokeniser, vault, options), forms, options);
  return asked.map(({ line, kind, value, normalised }) => {
    const told = answers.filter((answer) => answer.line === line).map(({ form }) => form).sort((a, b) => (a.strength < b.strength ? -1 : 1));
    const notAsked = 'reject' in normalised ? normalised.reject : normalised.bands ? SIMILARITY_ONLY : null;
    const near = options.brands.test(kind, value, 'forms' in normalised ? normalised.forms[0].value : null);
    return { line, kind, notAsked, hit: told.length > 0, brands: near, forms: told };
  });
}

/** An epoch to ask in, with what was looked up in it before. */
interface EpochToAsk {
  readonly tokeniser: Tokeniser;
  readonly cache: TokenCache;
}
interface EpochsToAsk {
  readonly current: EpochToAsk;
  readonly former: EpochToAsk | null;
}

/** The epoch before goes on at the hub until the overlap announced with this one is over, or t key-holders stopped it. */
async function epochsToAsk(hub: HubClient, tokeniser: Tokeniser, vault: Vault, { onFormerUnanswered }: CheckOptions): Promise<EpochsToAsk> {
  const { epochs } = await hub.graphql<{ epochs: { epoch: number; overlapUntil: string | null; stoppedAt: string | null }[] }>(DOCUMENTS.epochs);
  const before = tokeniser.former();
  const announced = epochs.find(({ epoch }) => epoch === tokeniser.epoch);
  const overlaps = announced?.overlapUntil != null && Date.parse(announced.overlapUntil) > Date.now();
  const stopped = epochs.some(({ epoch, stoppedAt }) => epoch === (before?.epoch ?? tokeniser.epoch - 1) && stoppedAt !== null);
  const former = before !== null && !stopped && (announced === undefined || overlaps) ? before : null;
  if (before === null && overlaps && !stopped) onFormerUnanswered(tokeniser.epoch - 1);
  const open = async (one: Tokeniser, other: Tokeniser | null): Promise<EpochToAsk> => ({ tokeniser: one, cache: await TokenCache.open(vault, one.epoch, other === null ? [] : [other.epoch]) });
  return { current: await open(tokeniser, former), former: former === null ? null : await open(former, tokeniser) };
}

async function askInParts(
  hub: HubClient, { current, former }: EpochsToAsk, forms: readonly { readonly line: number; readonly form: Form }[], { purpose, legalBasis }: CheckOptions,
): Promise<{ line: number; form: CheckedForm }[]> {
  const answers: { line: number; form: CheckedForm }[] = [];
  for (let from = 0; from < forms.length; from += TOKENS_MAX) {
    const part = forms.slice(from, from + TOKENS_MAX);
    const inputs = part.map(({ form: { kind, value } }) => ({ kind, value }));
    const tokens = await tokensOf(current, inputs);
    const input = { tokens, formerTokens: former === null ? null : await tokensOf(former, inputs), purpose, legalBasis, idempotencyKey: randomUUID() };
    const { checkTokens } = await hub.graphql<{ checkTokens: { answers: HubCheckAnswer[] } }>(DOCUMENTS.checkTokens, { input });
    for (const { index, band, strength, ...told } of checkTokens.answers) {
      const { line, form } = part[index]!;
      const weak = form.strength === 'weak' || strength === 'WEAK';
      if (band !== 'ZERO') answers.push({ line, form: { ...told, strength: weak ? 'weak' : 'exact', variant: form.variant, members: MEMBERS[band] } });
    }
  }
  return answers;
}

/** What was looked up or published before costs no evaluation. */
async function tokensOf({ cache, tokeniser }: EpochToAsk, inputs: readonly TokenInput[]): Promise<string[]> {
  const found = await cache.find(inputs);
  const missing = inputs.filter((_, i) => found[i] === undefined);
  if (missing.length === 0) return found as string[];
  const { tokens } = await tokeniser.tokenise({ forms: missing, seals: [], padTo: PADDING_SINGLE, budget: 'daily', journal: null });
  await cache.add(missing.map((input, i) => ({ input, token: tokens[i]! })));
  const fresh = tokens[Symbol.iterator]();
  return found.map((token) => token ?? (fresh.next().value as string));
}

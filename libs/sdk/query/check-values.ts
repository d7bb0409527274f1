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

/** @throws KIND_UNKNOWN for a kind that does not exist */
export async function checkValues(hub: HubClient, tokeniser: Tokeniser, vault: Vault, values: readonly ValueToCheck[], purpose: string, legalBasis: StatedBasis, brands: BrandIndex): Promise<CheckedValue[]> {
  const asked = values.map((value) => ({ ...value, normalised: normalise(value.kind, value.value) }));
  const forms = asked.flatMap(({ line, normalised }) => ('forms' in normalised && !normalised.bands ? normalised.forms.map((form) => ({ line, form })) : []));
  const cache = await TokenCache.open(vault, tokeniser.epoch);
  const answers: { line: number; form: CheckedForm }[] = [];
  for (let from = 0; from < forms.length; from += TOKENS_MAX) {
    const part = forms.slice(from, from + TOKENS_MAX);
    const tokens = await tokensOf(cache, tokeniser, part.map(({ form: { kind, value } }) => ({ kind, value })));
    const input = { tokens, purpose, legalBasis, idempotencyKey: randomUUID() };
    const { checkTokens } = await hub.graphql<{ checkTokens: { answers: HubCheckAnswer[] } }>(DOCUMENTS.checkTokens, { input });
    for (const { index, band, strength, ...told } of checkTokens.answers) {
      const { line, form } = part[index]!;
      const weak = form.strength === 'weak' || strength === 'WEAK';
      if (band !== 'ZERO') answers.push({ line, form: { ...told, strength: weak ? 'weak' : 'exact', variant: form.variant, members: MEMBERS[band] } });
    }
  }
  return asked.map(({ line, kind, value, normalised }) => {
    const told = answers.filter((answer) => answer.line === line).map(({ form }) => form).sort((a, b) => (a.strength < b.strength ? -1 : 1));
    const notAsked = 'reject' in normalised ? normalised.reject : normalised.bands ? SIMILARITY_ONLY : null;
    const near = brands.test(kind, value, 'forms' in normalised ? normalised.forms[0].value : null);
    return { line, kind, notAsked, hit: told.length > 0, brands: near, forms: told };
  });
}

/** What was looked up or published before costs no evaluation. */
async function tokensOf(cache: TokenCache, tokeniser: Tokeniser, inputs: readonly TokenInput[]): Promise<string[]> {
  const found = await cache.find(inputs);
  const missing = inputs.filter((_, i) => found[i] === undefined);
  if (missing.length === 0) return found as string[];
  const { tokens } = await tokeniser.tokenise({ forms: missing, seals: [], padTo: PADDING_SINGLE, budget: 'daily', journal: null });
  await cache.add(missing.map((input, i) => ({ input, token: tokens[i]! })));
  const fresh = tokens[Symbol.iterator]();
  return found.map((token) => token ?? (fresh.next().value as string));
}

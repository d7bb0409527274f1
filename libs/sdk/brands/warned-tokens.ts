/**
 * Gives the hub the tokens of what must not be reported: the small lists of this version and what believed brands call their own. Ranges and
 * patterns stay with the agents. The hub acts on a token when two members gave it: each computed it from the clear list by itself.
 */
import { randomUUID } from 'node:crypto';
import { PADDING_BULK } from '#crypto';
import { normalise, TOKENISED_WARNING_LISTS, type Brand, type IndicatorKind } from '#indicators';
import { DomainError } from '#kernel';
import type { PartyHome } from '../keys/party-home.js';
import type { Tokeniser, TokenInput } from '../tokenise/tokeniser.js';
import type { HubClient } from '../transport/hub-client.js';
import type { Vault } from '../vault/vault.js';
import { BRAND_DOCUMENTS } from './brand-documents.js';
import { loadBrands } from './brand-registry.js';

const CALL_MAX = 500;

export interface WarningsGiven {
  readonly lists: number;
  readonly tokens: number;
}

/** @throws POLICY_FORBIDS in a synthetic federation, whose test data is made of such values; budgets and connections as in publishing */
export async function giveWarnings(home: PartyHome, vault: Vault, hub: HubClient, tokeniser: Tokeniser, brands: readonly Brand[]): Promise<WarningsGiven> {
  if (home.party.federationPolicy === 'synthetic') throw new DomainError('POLICY_FORBIDS', 'warning lists of a synthetic federation', { policy: 'synthetic' });
  const lists = [
    ...TOKENISED_WARNING_LISTS.map(({ list, kind, values }) => ({ list, inputs: inputsOf(values.map((value) => [kind, value])) })),
    { list: 'OWN', inputs: inputsOf(brands.flatMap(ownValues)) },
  ].filter(({ inputs }) => inputs.length > 0);
  let given = 0;
  for (const { list, inputs } of lists) {
    for (let from = 0; from < inputs.length; from += CALL_MAX) {
      const part = inputs.slice(from, from + CALL_MAX);
      const { tokens } = await tokeniser.tokenise({ forms: part, seals: [], padTo: PADDING_BULK, budget: 'publish', journal: null });
      await hub.graphql(BRAND_DOCUMENTS.giveWarnedTokens, { input: { idempotencyKey: randomUUID(), list, epoch: tokeniser.epoch, replace: from === 0, tokens } });
      given += tokens.length;
    }
  }
  await vault.noteWarned(tokeniser.epoch);
  return { lists: lists.length, tokens: given };
}

/** Warned tokens are of one epoch. A member that gave them in one before gives them in this one, from the lists of today; null when it never did. */
export async function renewWarnings(home: PartyHome, vault: Vault, hub: HubClient, tokeniser: Tokeniser): Promise<WarningsGiven | null> {
  const given = await vault.warnedEpoch();
  return given === null || given >= tokeniser.epoch ? null : giveWarnings(home, vault, hub, tokeniser, await loadBrands(home));
}

function ownValues({ names, latin, numbers, domains, accounts }: Brand): (readonly [IndicatorKind, string])[] {
  return [
    ...[...names, ...latin].map((name) => ['org_name', name] as const), ...numbers.map((number) => ['phone', number] as const), ...accounts.map((account) => ['social', account] as const),
    ...domains.flatMap((domain) => [['domain', domain] as const, ...['', 'www.'].map((www) => ['url', `https://${www}${domain}/`] as const)]),
  ];
}

/** Distinct exact forms of what the normalisers take; the rest is no indicator that anybody could report. */
function inputsOf(values: readonly (readonly [IndicatorKind, string])[]): TokenInput[] {
  const inputs = values.flatMap(([kind, value]): TokenInput[] => {
    const result = normalise(kind, value);
    return 'forms' in result ? [{ kind: result.forms[0].kind, value: result.forms[0].value }] : [];
  });
  return [...new Map(inputs.map((input) => [`${input.kind} ${input.value}`, input])).values()];
}

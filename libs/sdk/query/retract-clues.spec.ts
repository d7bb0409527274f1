/** A hub that answers a retraction about other clues than the ones it was asked to take back. */
import type { ClueId } from '#kernel';
import type { HubClient } from '../transport/hub-client.js';
import type { Vault } from '../vault/vault.js';
import { retractClues } from './retract-clues.js';

const [ASKED, OTHER] = ['0197a3c2-0000-7000-8000-000000000001', '0197a3c2-0000-7000-8000-000000000002'] as ClueId[] as [ClueId, ClueId];

describe('an answer to a retraction', () => {
  const retracted = async (...items: { clueId: string; outcome: string }[]): Promise<{ written: number; outcomes: string[] }> => {
    let written = 0;
    const hub = { graphql: () => Promise.resolve({ retractClues: { items } }) } as unknown as HubClient;
    const vault = {
      clue: () => Promise.resolve({ state: 'PUBLISHED', indexKey: 'k' }), rowsOf: () => Promise.resolve([{ row: 'r' }]), write: () => { written += 1; return Promise.resolve(); },
    } as unknown as Vault;
    try {
      return { outcomes: (await retractClues(hub, vault, [ASKED], 'FALSE_POSITIVE')).map(({ outcome }) => outcome), written };
    } catch (error) {
      return { outcomes: [(error as { code: string }).code], written };
    }
  };

  it('is taken for each clue that was asked about', async () => {
    expect(await retracted({ clueId: ASKED, outcome: 'RETRACTED' })).toEqual({ outcomes: ['RETRACTED'], written: 1 });
    expect(await retracted({ clueId: ASKED, outcome: 'NOT_FOUND' })).toEqual({ outcomes: ['NOT_FOUND'], written: 0 });
  });

  it.each([
    ['about another clue', [{ clueId: ASKED, outcome: 'RETRACTED' }, { clueId: OTHER, outcome: 'RETRACTED' }]],
    ['about another clue instead', [{ clueId: OTHER, outcome: 'RETRACTED' }]],
    ['about none', []],
    ['of no known outcome', [{ clueId: ASKED, outcome: 'PERHAPS' }]],
  ])('is not believed %s, and marks nothing in the vault', async (_, items) => {
    expect(await retracted(...items)).toEqual({ outcomes: ['DIGEST_MISMATCH'], written: 0 });
  });
});

/** Clues as an agent would send them. Tokens are random unless the test says which value they stand for. */
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { TEXT_BANDS } from '#protocol';

export interface ClueWords {
  clueId: string; epoch: number; kindVersion: string; forms: { kind: string; strength: string; token: string }[]; category: string; means: string[]; role: string; level: string;
  purpose: string; legalBasis: { code: string; law?: string | null; article?: string | null }; tlp: string; firstSeen: string; lastSeen: string; approver?: string | null;
  authorityReference?: string | null; evidence?: string[]; detail: string; revision: number;
}

/** A stand-in for the token of a made-up value: the same for every member. */
export function tokenOf(value: string): string {
  return createHash('sha256').update(`test token of ${value}`).digest('hex').slice(0, 32);
}

/** `on('x')` gives the exact form the token of x; `variants` add weak forms. */
export function aClue(change: Partial<ClueWords> & { on?: string; variants?: string[] } = {}): ClueWords {
  const { on, variants = [], ...words } = change;
  return {
    clueId: uuidv7(), epoch: 1, kindVersion: 'org_name@1',
    forms: [
      { kind: 'org_name', strength: 'EXACT', token: on === undefined ? randomBytes(16).toString('hex') : tokenOf(on) },
      ...variants.map((variant) => ({ kind: 'org_core', strength: 'WEAK', token: tokenOf(`core ${variant}`) })),
    ],
    category: 'PROXY_RIGHTS_PROTECTION', means: ['FEE_FOR_PROXY'], role: 'AGENT', level: 'L1', purpose: 'CONSUMER_PROTECTION',
    legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER', firstSeen: '2026-03-01', lastSeen: '2026-04-01',
    detail: randomBytes(256 + 40).toString('base64url'), revision: 1, ...words,
  };
}

export type TextWords = Omit<ClueWords, 'detail'> & { bands: string[] };

/** A text whose band i is the token of `parts[i]`; further bands are its own. */
export function aText(parts: readonly string[], change: Partial<ClueWords> = {}): TextWords {
  const bands = Array.from({ length: TEXT_BANDS }, (_, i) => (parts[i] === undefined ? randomBytes(16).toString('hex') : tokenOf(`band ${String(i)} ${parts[i]}`)));
  const { detail: _none, ...words } = aClue({ kindVersion: 'complaint_text@2', forms: [{ kind: 'complaint_text', strength: 'EXACT', token: randomBytes(16).toString('hex') }], ...change });
  return { ...words, bands };
}

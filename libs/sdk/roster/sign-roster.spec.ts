import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PrivateJwk, generatePrivateJwk, type HolderPins, mergeSignatures, publicJwk, signerOf, signGeneralJws, keyIdOf } from '#crypto';
import type { DomainError, Json } from '#kernel';
import { budgetsAtMost, ROSTER_PROPOSAL_TYP, type RosterMember, type RosterProposal } from '#protocol';
import { fingerprintOf, type PublicFile } from '../keys/public-file.js';
import { TrustStore } from '../trust/trust-store.js';
import { proposeEntry, type ProposedEntry } from './propose-entry.js';
import { judgeRoster, keyChanges, rosterSigners, type RosterToSign, signRosterAs } from './sign-roster.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tally-roster-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-22T12:00:00.000Z');
const holders = [1, 2, 3].map(() => generatePrivateJwk());
const pins: HolderPins = { threshold: 2, holders: holders.map((jwk, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(jwk) })) };
const manifest = { federation: 'f', epoch: 1 };
const officer = generatePrivateJwk();

const publicFileOf = (role: string, officers: readonly PrivateJwk[] = []): PublicFile => {
  const partyId = randomUUID();
  const key = generatePrivateJwk();
  return {
    subject: `party:${partyId}`, partyId, role, name: role, keys: [{ use: 'evidence', kid: keyIdOf(key), jwk: publicJwk(key) }],
    officers: officers.map((jwk) => ({ id: randomUUID(), name: 'o', kid: keyIdOf(jwk), jwk: publicJwk(jwk) })),
  };
};
const coordinator = publicFileOf('coordinator', [officer]);
const trust = new TrustStore(path.join(folder, 'trust.json'));
trust.add(coordinator, fingerprintOf(coordinator), now);
const member = publicFileOf('member');

const propose = (more: Partial<ProposedEntry> = {}, key = officer) =>
  proposeEntry({ ...manifest, member, attested: 1_000_000, budgets: {}, days: 365, now, ...more }, key).jws;
const judge = (more: Partial<RosterToSign> = {}) => judgeRoster({ manifest, pins, trust, current: null, proposals: [propose()], draft: null, days: 365, now, memory: null, ...more });
const refusal = (work: () => unknown): DomainError => {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('nothing was refused');
};
/** Signed by an officer who does not care about bounds. */
const rogue = (change: (proposal: { entry: RosterMember }) => object): unknown => {
  const { proposal } = proposeEntry({ ...manifest, member, attested: 1_000_000, budgets: {}, days: 365, now }, officer);
  return signProposal({ ...proposal, ...change(proposal as RosterProposal & { entry: RosterMember }) } as RosterProposal);
};
function signProposal(proposal: RosterProposal): unknown {
  return signGeneralJws({ typ: ROSTER_PROPOSAL_TYP, payload: proposal as unknown as Json, signers: [signerOf(officer)] });
}

describe('roster signed by key-holders', () => {
  const first = judge().roster;
  const complete = mergeSignatures([signRosterAs(first, holders[0]!), signRosterAs(judge({ draft: signRosterAs(first, holders[0]!) }).roster, holders[1]!)]);

  it('comes about when each holder computes the same from the same proposals', () => {
    expect(rosterSigners(complete, pins)).toMatchObject({ enough: true, owners: ['holder-1', 'holder-2'], roster: { serial: now.getTime(), members: [{ memberId: member.partyId, budgets: budgetsAtMost(1_000_000) }] } });
    expect(rosterSigners(signRosterAs(first, holders[0]!), pins).enough).toBe(false);
  });
  it('changes only the members of the proposals, and says how', () => {
    const other = publicFileOf('member');
    const { roster, changes } = judge({ current: complete, proposals: [propose({ member: other, attested: 5_000, budgets: { publish: 100 } })] });
    expect(roster.members).toContainEqual(first.members[0]);
    expect(changes).toMatchObject([{ memberId: other.partyId, before: null, after: { attested: 5_000, budgets: { publish: 100, enrolment: 5_500, daily: 10_000 } } }]);
    expect(roster.serial).toBeGreaterThan(first.serial);
    expect(judge({ current: complete, proposals: [propose({ attested: null })] }).roster.members).toEqual([]);
  });

  it.each([
    ['enrolment above 1.1 x attested', 'enrolment', 1_100_001],
    ['daily above 0.1 %, at least 10,000', 'daily', 10_001],
    ['publish above 10 %, at least 200,000', 'publish', 200_001],
  ] as const)('is not signed with %s', (_, budget, units) => {
    expect(refusal(() => propose({ budgets: { [budget]: units } }))).toMatchObject({ code: 'POLICY_FORBIDS', fields: { budget, most: units - 1 } });
    expect(refusal(() => judge({ proposals: [rogue(({ entry }) => ({ entry: { ...entry, budgets: { ...entry.budgets, [budget]: units } } }))] }))).toMatchObject({ code: 'POLICY_FORBIDS', fields: { budget, most: units - 1 } });
  });
  it('is not signed for a proposal of nobody pinned as a coordinator\'s officer', () => {
    expect(refusal(() => judge({ proposals: [propose({}, generatePrivateJwk())] })).code).toBe('SIGNATURE_INVALID');
    const none = new TrustStore(path.join(folder, 'none.json'));
    const plain = publicFileOf('member', [officer]);
    none.add(plain, fingerprintOf(plain), now);
    expect(refusal(() => judge({ trust: none })).code).toBe('KEY_NOT_TRUSTED');
  });
  it('is not signed for another evidence key of a member, with every figure as it was, unless the holder has compared that key', () => {
    const [entry] = first.members as [RosterMember];
    const thief = publicFileOf('member');
    const swapped = (): unknown => rogue(() => ({ entry: { ...entry, evidenceKeys: thief.keys.map(({ jwk }) => jwk) } }));
    expect(refusal(() => judge({ current: complete, proposals: [swapped()] }))).toMatchObject({ code: 'KEY_NOT_TRUSTED', fields: { subject: `party:${member.partyId!}`, use: 'evidence' } });
    const compared = new TrustStore(path.join(folder, 'compared.json'));
    const renewed = { ...member, keys: thief.keys };
    for (const open of [coordinator, renewed]) compared.add(open, fingerprintOf(open), now);
    const { changes } = judge({ current: complete, proposals: [swapped()], trust: compared });
    expect(keyChanges(changes)).toEqual([{ memberId: member.partyId, before: [member.keys[0]!.kid], after: [thief.keys[0]!.kid] }]);
    expect(keyChanges(judge({ current: complete, proposals: [propose({ attested: 2_000_000 })] }).changes)).toEqual([]);
  });
  it('is not signed for another federation or epoch, for an old proposal, or for two of one member', () => {
    for (const change of [{ federation: 'g' }, { epoch: 2 }, { now: new Date(now.getTime() - 31 * 86_400_000) }]) {
      expect(refusal(() => judge({ proposals: [propose(change)] })).code).toBe('MANIFEST_INVALID');
    }
    expect(refusal(() => judge({ proposals: [propose(), propose({ attested: 5 })] })).code).toBe('BAD_INPUT');
    expect(refusal(() => judge({ proposals: [rogue(({ entry }) => ({ entry: { ...entry, memberId: randomUUID() } }))] })).code).toBe('MANIFEST_INVALID');
  });
  it('is not signed when the draft says anything that no proposal says', () => {
    const [entry] = first.members as [RosterMember];
    const drafts = [
      { ...first, members: [{ ...entry, budgets: { ...entry.budgets, daily: 10_001 } }] },
      { ...first, members: [entry, { ...entry, memberId: randomUUID() }] },
      { ...first, members: [] },
      { ...first, epoch: 2 },
      { ...first, validUntil: new Date(now.getTime() + 500 * 86_400_000).toISOString() },
    ];
    for (const draft of drafts) expect(refusal(() => judge({ draft: signRosterAs(draft, holders[0]!) })).code).toBe('MANIFEST_INVALID');
    expect(refusal(() => judge({ draft: signRosterAs(first, generatePrivateJwk()) })).code).toBe('SIGNATURE_INVALID');
  });
  it('never goes back in its serial, and stands on a roster that enough holders signed', () => {
    const old = signRosterAs({ ...first, serial: first.serial - 1 }, holders[0]!);
    expect(refusal(() => judge({ current: complete, draft: old })).code).toBe('MANIFEST_INVALID');
    expect(refusal(() => judge({ current: signRosterAs(first, holders[0]!) })).code).toBe('SIGNATURE_INVALID');
  });
});

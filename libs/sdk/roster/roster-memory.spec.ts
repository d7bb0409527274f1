/** A holder asked to sign again what was undone: by a roster that stands no longer, or by a proposal that was decided on before. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PrivateJwk, generatePrivateJwk, type GeneralJws, type HolderPins, mergeSignatures, publicJwk, keyIdOf } from '#crypto';
import type { Roster } from '#protocol';
import { fingerprintOf, type PublicFile } from '../keys/public-file.js';
import { TrustStore } from '../trust/trust-store.js';
import { proposeEntry } from './propose-entry.js';
import { RosterMemoryFile } from './roster-memory.js';
import { judgeRoster, type JudgedRoster, signRosterAs } from './sign-roster.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tally-roster-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY_MS = 86_400_000;
const start = Date.parse('2026-11-22T12:00:00.000Z');
const manifest = { federation: 'f', epoch: 1 };
const officer = generatePrivateJwk();
const keys = [1, 2, 3].map(() => generatePrivateJwk());
const pins: HolderPins = { threshold: 2, holders: keys.map((jwk, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(jwk) })) };
const publicFileOf = (role: string, officers: readonly PrivateJwk[] = []): PublicFile => {
  const partyId = randomUUID();
  const key = generatePrivateJwk();
  return {
    subject: `party:${partyId}`, partyId, role, name: role, keys: [{ use: 'evidence', kid: keyIdOf(key), jwk: publicJwk(key) }],
    officers: officers.map((jwk) => ({ id: randomUUID(), name: 'o', kid: keyIdOf(jwk), jwk: publicJwk(jwk) })),
  };
};
const trust = new TrustStore(path.join(folder, 'trust.json'));
const coordinator = publicFileOf('coordinator', [officer]);
trust.add(coordinator, fingerprintOf(coordinator), new Date(start));
const [expelled, other, third] = [publicFileOf('member'), publicFileOf('member'), publicFileOf('member')];

const at = (day: number): Date => new Date(start + day * DAY_MS);
const propose = (member: PublicFile, attested: number | null, day: number): GeneralJws => proposeEntry({ ...manifest, member, attested, budgets: {}, days: 365, now: at(day) }, officer).jws;
const refused = (field: string): Error => expect.objectContaining({ code: 'STATE_CONFLICT', fields: expect.objectContaining({ document: 'roster', field }) as object }) as Error;

/** One key-holder's operator, with a home that outlives each command. */
class Holder {
  readonly file = new RosterMemoryFile(path.join(folder, randomUUID()), manifest.epoch);

  constructor(private readonly key: PrivateJwk) {}

  judge(proposals: readonly unknown[], day: number, current: unknown = null, draft: unknown = null): JudgedRoster {
    return judgeRoster({ manifest, pins, trust, current, proposals, draft, days: 365, now: at(day), memory: this.file.read() });
  }

  sign(proposals: readonly unknown[], day: number, current: unknown = null, draft: unknown = null): GeneralJws {
    const { roster, memory } = this.judge(proposals, day, current, draft);
    this.file.replace(memory);
    return signRosterAs(roster, this.key);
  }
}
const payloadOf = (jws: GeneralJws): Roster => JSON.parse(Buffer.from(jws.payload, 'base64url').toString()) as Roster;

describe('what a holder remembers of rosters', () => {
  let [a, b, c] = keys.map((key) => new Holder(key)) as [Holder, Holder, Holder];
  /** Signed by two, each for itself. */
  const both = (proposals: readonly unknown[], day: number, current: unknown = null, [one, two] = [a, b]): GeneralJws => {
    const draft = one.sign(proposals, day, current);
    return mergeSignatures([draft, two.sign(proposals, day, current, draft)]);
  };
  const admission = propose(expelled, 1_000_000, 0);
  let first: GeneralJws;
  let second: GeneralJws;
  beforeEach(() => {
    [a, b, c] = keys.map((key) => new Holder(key)) as [Holder, Holder, Holder];
    first = both([admission, propose(other, 1_000_000, 0)], 0);
    second = both([propose(expelled, null, 2)], 2, first);
  });

  it('lets one roster follow another, whoever of the holders signed it', () => {
    const next = both([propose(third, 5_000, 3)], 3, second, [a, c]);
    expect(payloadOf(both([propose(other, 500_000, 4)], 4, next, [b, c])).members.map(({ memberId }) => memberId).sort()).toEqual([other.partyId, third.partyId].sort());
    expect(statSync(a.file.newest()!).mode & 0o777).toBe(0o600);
  });
  it('signs no roster that goes on from one before: whoever was taken out would be in again', () => {
    expect(() => a.judge([propose(third, 5_000, 3)], 3, first)).toThrow(refused(expelled.partyId!));
    expect(() => a.judge([propose(third, 5_000, 3)], 3)).toThrow(refused(other.partyId!));
    const draft = c.sign([propose(third, 5_000, 3)], 3, first);
    expect(() => b.judge([propose(third, 5_000, 3)], 3, first, draft)).toThrow(refused(expelled.partyId!));
  });
  it('signs no proposal again that a later one undid, however young it is', () => {
    expect(() => a.judge([admission], 3, second)).toThrow(refused('proposal'));
    const next = both([propose(third, 5_000, 3)], 3, second, [b, c]);
    expect(() => a.judge([admission], 4, next)).toThrow(refused('proposal'));
  });
  it('signs none again that others undid without it', () => {
    const [d, e] = [new Holder(keys[0]!), new Holder(keys[1]!)];
    const draft = d.sign([admission], 0);
    const before = mergeSignatures([draft, e.sign([admission], 0, null, draft)]);
    const late = new Holder(keys[2]!);
    const gone = e.sign([propose(expelled, null, 1)], 1, before);
    const without = mergeSignatures([gone, late.sign([propose(expelled, null, 1)], 1, before, gone)]);
    expect(() => d.judge([admission], 2, without)).toThrow(refused('proposal'));
    expect(d.judge([propose(expelled, 5_000, 2)], 2, without).roster.members).toHaveLength(1);
  });
  it('signs the same decisions again when a roster did not come about, and others on top', () => {
    const removal = propose(other, null, 3);
    a.sign([removal], 3, second);
    expect(a.judge([removal], 4, second).roster.members).toEqual([]);
    expect(() => a.judge([propose(third, 5_000, 4)], 4, second)).toThrow(refused(other.partyId!));
    expect(a.judge([removal, propose(third, 5_000, 4)], 4, second).roster.members).toHaveLength(1);
    expect(a.judge([propose(other, 2_000_000, 4)], 4, second).roster.members).toMatchObject([{ attested: 2_000_000 }]);
  });
  it('takes two rosters of one serial for what they are', () => {
    const fork = { ...payloadOf(second), validUntil: at(300).toISOString() };
    const forked = mergeSignatures([signRosterAs(fork, keys[1]!), signRosterAs(fork, keys[2]!)]);
    expect(() => a.judge([propose(third, 5_000, 3)], 3, forked)).toThrow(refused('current'));
  });
  it('signs for one of two commands that run at once', () => {
    const [one, two] = [a.judge([propose(third, 5_000, 3)], 3, second), a.judge([propose(other, null, 3)], 3, second)];
    a.file.replace(one.memory);
    expect(() => a.file.replace(two.memory)).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }) as Error);
  });
});

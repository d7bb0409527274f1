import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSodiumEngine, fromBase64url, generatePrivateJwk, type HolderPins, partialSecret, publicJwk, verifyManifest, verifyRoster } from '#crypto';
import { groupKeyOf, parseManifest, parseRoster, parseShareFile } from '#protocol';
import type { Json } from '#kernel';
import { deal, DEALER_NOTICE, signRoster } from './index.js';

describe('demonstration dealer', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'tally-dealer-'));
  const out = path.join(dir, 'keys');
  const options = { out, holders: 3, threshold: 2, federation: 'fed', hub: 'hub', epoch: 1 };
  const json = (file: string): Json => JSON.parse(readFileSync(file, 'utf8')) as Json;
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('refuses in production, and under any profile it does not know', async () => {
    for (const profile of ['production', 'prod']) {
      await expect(deal(options, profile)).rejects.toThrow(expect.objectContaining({ code: 'POLICY_FORBIDS' }));
      await expect(signRoster({ dir: out, members: [], out: path.join(dir, 'r.json') }, profile)).rejects.toThrow(expect.objectContaining({ code: 'POLICY_FORBIDS' }));
    }
  });

  it('makes a manifest that verifies, closed share files that fit it, and says what it is', async () => {
    const dealt = await deal(options, 'test');
    expect(dealt.notice).toBe(DEALER_NOTICE);
    const engine = await createSodiumEngine();
    const pins = json(dealt.pinsFile) as unknown as HolderPins;
    const { manifest, owners } = verifyManifest({ jws: json(dealt.manifestFile), pins, engine, now: new Date(), parse: parseManifest, groupKeyOf });
    expect(owners).toHaveLength(3);
    expect(manifest.origin).toBe('dealer');
    const shares = dealt.holders.map(({ shareFile }) => parseShareFile(json(shareFile)));
    for (const { shareFile, evidenceKeyFile } of dealt.holders) for (const file of [shareFile, evidenceKeyFile]) expect(statSync(file).mode & 0o777).toBe(0o600);
    const parts = [1, 3].map((index) => partialSecret(engine, fromBase64url(shares[index - 1]!.shares[0]!.secret), index, [1, 3]));
    expect(engine.multiplyBase(engine.scalars.add(parts[0]!, parts[1]!))).toEqual(fromBase64url(manifest.publicKey));
  });

  it('does not write over a key', async () => {
    await expect(deal(options, 'test')).rejects.toThrow(expect.objectContaining({ code: 'ALREADY_EXISTS' }));
  });

  it('signs a roster that t holders stand for, and not one that fewer stand for', async () => {
    const members = [{ memberId: '0190a0a0-0000-7000-8000-000000000001', evidenceKeys: [publicJwk(generatePrivateJwk())], attested: 20_000_000 }];
    const file = path.join(dir, 'roster.json');
    await signRoster({ dir: out, members, out: file }, 'test');
    const roster = verifyRoster({ jws: json(file), pins: json(path.join(out, 'pins.json')) as unknown as HolderPins, now: new Date(), parse: parseRoster });
    expect(roster.members[0]!.budgets).toEqual({ publish: 2_000_000, enrolment: 22_000_000, daily: 20_000 });
    await expect(signRoster({ dir: out, members, out: file, signers: [2] }, 'test')).rejects.toThrow('too few signatures');
  });
});

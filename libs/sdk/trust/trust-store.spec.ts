import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generatePrivateJwk, keyIdOf, publicJwk, type PublicJwk } from '#crypto';
import { fingerprintOf, parsePublicFile, type PublicFile } from '../keys/public-file.js';
import { TrustStore } from './trust-store.js';

const LIAISON = '0198c0de-0000-7000-8000-000000000001';
const aKey = (): { kid: string; jwk: PublicJwk } => {
  const jwk = publicJwk(generatePrivateJwk());
  return { kid: keyIdOf(jwk), jwk };
};
const aFile = (seal = aKey()): PublicFile => parsePublicFile({
  partyId: LIAISON, role: 'liaison', name: 'Unit One', keys: [{ use: 'seal', ...seal }], officers: [{ id: 'o-1', name: 'Officer', ...aKey() }],
});

describe(TrustStore.name, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'tally-trust-'));
  const file = path.join(dir, 'trust.json');
  const now = new Date('2026-01-01T00:00:00Z');
  const subject = `party:${LIAISON}`;
  let sut: TrustStore;
  beforeEach(() => {
    rmSync(file, { force: true });
    sut = new TrustStore(file);
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('pins what was compared, whatever the spelling of the fingerprint', () => {
    const given = aFile();
    sut.add(given, fingerprintOf(given).toUpperCase().replaceAll(' ', ':'), now);
    expect(sut.require(subject, 'seal').kid).toBe(given.keys[0]!.kid);
    expect(sut.of(subject, 'officer')).toHaveLength(1);
  });

  it('refuses a file that is not the one whose fingerprint was read out, and writes nothing', () => {
    const [real, served] = [aFile(), aFile()];
    expect(() => sut.add(served, fingerprintOf(real), now)).toThrow(expect.objectContaining({ code: 'KEY_NOT_TRUSTED' }));
    expect(() => sut.add(served, '', now)).toThrow(expect.objectContaining({ code: 'KEY_NOT_TRUSTED' }));
    expect(existsSync(file)).toBe(false);
  });

  it('gives a fingerprint that changes with every key, officer, role and subject', () => {
    const given = aFile();
    const others: PublicFile[] = [
      { ...given, keys: [{ use: 'seal', ...aKey() }] }, { ...given, keys: [{ ...given.keys[0]!, use: 'auth' }] },
      { ...given, officers: [] }, { ...given, role: 'coordinator' }, { ...given, subject: 'hub' },
    ];
    expect(new Set([given, ...others].map(fingerprintOf)).size).toBe(6);
  });

  it('takes other keys for a subject only when told to replace them', () => {
    const [first, second] = [aFile(), aFile()];
    sut.add(first, fingerprintOf(first), now);
    expect(() => sut.add(second, fingerprintOf(second), now)).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
    expect(sut.require(subject, 'seal').kid).toBe(first.keys[0]!.kid);
    sut.add(second, fingerprintOf(second), now, true);
    expect(sut.require(subject, 'seal').kid).toBe(second.keys[0]!.kid);
  });

  it('takes back all keys of one subject, or one key, and nothing of another', () => {
    const [liaison, hub] = [aFile(), { ...aFile(), subject: 'hub' }];
    for (const one of [liaison, hub]) sut.add(one, fingerprintOf(one), now);
    const officer = liaison.officers[0]!;
    expect(sut.remove(subject, officer.kid).map(({ use, kid }) => ({ use, kid }))).toEqual([{ use: 'officer', kid: officer.kid }]);
    expect(sut.of(subject).map(({ use }) => use)).toEqual(['seal']);
    expect(() => sut.remove(subject, officer.kid)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(sut.remove(subject)).toHaveLength(1);
    expect(() => sut.require(subject, 'seal')).toThrow(expect.objectContaining({ code: 'KEY_NOT_TRUSTED' }));
    expect(() => sut.remove(subject)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(sut.of('hub')).toHaveLength(2);
    const second = aFile();
    sut.add(second, fingerprintOf(second), now);
    expect(sut.require(subject, 'seal').kid).toBe(second.keys[0]!.kid);
  });

  it('knows nobody who was not pinned', () => {
    expect(() => sut.require(subject, 'seal')).toThrow(expect.objectContaining({ code: 'KEY_NOT_TRUSTED' }));
  });

  it('believes no file whose kid is not the thumbprint of its key', () => {
    const given = aFile();
    expect(() => parsePublicFile({ partyId: LIAISON, name: 'x', keys: [{ use: 'seal', kid: given.keys[0]!.kid, jwk: aKey().jwk }] })).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
    sut.add(given, fingerprintOf(given), now);
    const pins = JSON.parse(readFileSync(file, 'utf8')) as object[];
    writeFileSync(file, JSON.stringify(pins.map((pin) => ({ ...pin, jwk: aKey().jwk }))));
    expect(() => sut.list()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('believes no file that others may have written', () => {
    const given = aFile();
    sut.add(given, fingerprintOf(given), now);
    chmodSync(file, 0o666);
    expect(() => sut.list()).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

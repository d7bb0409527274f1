import { generatePrivateJwk, keyIdOf, publicJwk } from '#crypto';
import { fingerprintOf, parsePublicFile, sameFingerprint, subjectsOf } from './public-file.js';

const PARTY = '0197a3c2-0000-7000-8000-000000000001';
const key = publicJwk(generatePrivateJwk());
const other = publicJwk(generatePrivateJwk());
const file = { partyId: PARTY, role: 'member', name: 'Bank', keys: [{ use: 'evidence', kid: keyIdOf(key), jwk: key }], officers: [{ id: 'o1', name: 'Li', kid: keyIdOf(other), jwk: other }] };

describe(parsePublicFile.name, () => {
  it('recomputes every kid and refuses one that does not fit its key', () => {
    expect(parsePublicFile(file).subject).toBe(`party:${PARTY}`);
    const swapped = { ...file, keys: [{ use: 'evidence', kid: keyIdOf(key), jwk: other }] };
    expect(() => parsePublicFile(swapped)).toThrow(expect.objectContaining({ code: 'BAD_INPUT', fields: { reason: 'kid' } }) as Error);
  });
  it('refuses a subject that is not the file\'s party', () => {
    expect(() => parsePublicFile(file, 'party:0197a3c2-0000-7000-8000-000000000002')).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }) as Error);
  });
  it('reads the key-holders\' list as one subject a holder', () => {
    const holders = parsePublicFile({ threshold: 2, holders: [{ owner: 'holder-1', jwk: key }, { owner: 'holder-2', jwk: other }] });
    expect(subjectsOf(holders).map(({ subject, keys }) => [subject, keys[0]?.use])).toEqual([['holder:holder-1', 'evidence'], ['holder:holder-2', 'evidence']]);
  });
});

describe(fingerprintOf.name, () => {
  const print = fingerprintOf(parsePublicFile(file));
  it('changes with the party, a key, a use or an officer, not with names or order', () => {
    const variants = [
      { ...file, partyId: '0197a3c2-0000-7000-8000-000000000002' }, { ...file, keys: [{ use: 'evidence', jwk: other }] }, { ...file, keys: [{ use: 'seal', jwk: key }] }, { ...file, officers: [] },
    ];
    for (const variant of variants) expect(fingerprintOf(parsePublicFile(variant))).not.toBe(print);
    expect(fingerprintOf(parsePublicFile({ ...file, name: 'Renamed' }))).toBe(print);
  });
  it('is compared as people write it, and only whole', () => {
    expect(sameFingerprint(print, print.toUpperCase().replaceAll(' ', '-'))).toBe(true);
    expect(sameFingerprint(print, print.slice(0, -1))).toBe(false);
    expect(sameFingerprint('', '')).toBe(false);
  });
});

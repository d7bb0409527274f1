import type { Json } from '#kernel';
import { type Manifest, parseManifest, parseRoster, parseShareFile, parseStatusList } from './manifest.js';

const point = Buffer.alloc(32, 1).toString('base64url');
const time = { validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2027-01-01T00:00:00.000Z' };
const manifest: Manifest = {
  v: 1, federation: 'f', suite: 'ristretto255-SHA512', epoch: 1, generation: 0, threshold: 2, publicKey: point, commitments: [point, point], origin: 'dkg', ...time,
  holders: [1, 2, 3].map((index) => ({ index, id: `h${index}`, publicKey: point })),
};
const member = {
  memberId: '0190a0a0-0000-7000-8000-000000000001', evidenceKeys: [{ kty: 'EC', crv: 'P-256', x: point, y: point }], attested: 1, budgets: { publish: 1, enrolment: 1, daily: 1 }, ...time,
};
const roster = { v: 1, federation: 'f', epoch: 1, serial: 1, members: [member], ...time };
const status = { issuedAt: time.validFrom, expiresAt: time.validUntil, suspended: [member.memberId], cluster: '1' };

const refuses = (parse: (json: Json) => unknown, good: object, changes: readonly object[]): void => {
  expect(() => parse(good as Json)).not.toThrow();
  for (const change of changes) expect(() => parse({ ...good, ...change } as Json)).toThrow(expect.objectContaining({ code: 'MANIFEST_INVALID' }));
};

describe('signed documents', () => {
  it('takes a manifest of exactly this shape', () => refuses(parseManifest, manifest, [
    { v: 2 }, { suite: 'P256-SHA256' }, { threshold: 4 }, { threshold: 0 }, { commitments: [point] }, { publicKey: `${point}=` }, { origin: 'x' }, { extra: 1 },
    { holders: manifest.holders.slice(0, 1) }, { holders: manifest.holders.map((holder) => ({ ...holder, index: 1 })) }, { holders: manifest.holders.map((holder) => ({ ...holder, id: 'a' })) },
    { holders: [...manifest.holders, { index: 17, id: 'x', publicKey: point }] }, { validFrom: '2026-01-01' }, { validUntil: 'never' }, { epoch: -1 }, { federation: '' },
  ]));
  it('takes a roster of exactly this shape', () => refuses(parseRoster, roster, [
    { members: [member, member] }, { members: [{ ...member, memberId: 'bank-a' }] }, { members: [{ ...member, evidenceKeys: [] }] }, { members: [{ ...member, admin: true }] },
    { members: [{ ...member, budgets: { publish: 1, daily: 1 } }] }, { members: [{ ...member, budgets: { publish: -1, enrolment: 1, daily: 1 } }] },
    { members: [{ ...member, evidenceKeys: [{ kty: 'EC', crv: 'P-256', x: point, y: point, d: point }] }] }, { serial: 1.5 }, { hub: 'h' },
  ]));
  it('takes a status list with or without a sequence', () => {
    refuses(parseStatusList, status, [{ suspended: ['x'] }, { cluster: 1 }, { expiresAt: 5 }, { admitted: [] }, { seq: -1 }]);
    expect(() => parseStatusList({ ...status, seq: 3 } as Json)).not.toThrow();
  });
  it('takes a share file of exactly this shape', () => refuses(parseShareFile,
    { v: 1, origin: 'dkg', federation: 'f', epoch: 1, index: 1, holderId: 'h1', shares: [{ generation: 0, secret: point }] },
    [{ index: 0 }, { shares: [] }, { origin: 'found' }, { shares: [{ generation: 0, secret: 'x' }] }]));
  it.each([null, [], 'x', 1])('refuses %p', (bad) => {
    for (const parse of [parseManifest, parseRoster, parseStatusList, parseShareFile]) expect(() => parse(bad)).toThrow(expect.objectContaining({ code: 'MANIFEST_INVALID' }));
  });
});

import { MANIFEST_TYP, createSodiumEngine, dealShares, generatePrivateJwk, keyIdOf, publicJwk, signGeneralJws, signerOf, toBase64url, type Engine, type PublicJwk } from '#crypto';
import type { Json } from '#kernel';
import type { Manifest } from '#protocol';
import { trustedEpochs, trustManifest } from './trusted-manifest.js';
import type { Pin, TrustStore } from './trust-store.js';

const now = new Date('2026-11-22T08:00:00Z');
const holders = ['holder-1', 'holder-2', 'holder-3'].map((id) => ({ id, key: generatePrivateJwk() }));
const stranger = generatePrivateJwk();

describe(trustManifest.name, () => {
  let engine: Engine;
  let manifest: Manifest;
  beforeAll(async () => {
    engine = await createSodiumEngine();
    const scalar = (fill: number): Uint8Array => engine.scalars.reduce(new Uint8Array(64).fill(fill));
    const dealt = dealShares(engine, [scalar(3), scalar(5)], 3);
    manifest = {
      v: 1, federation: 'fed', suite: 'ristretto255-SHA512', epoch: 1, generation: 0, threshold: 2, origin: 'dealer',
      holders: dealt.shares.map(({ index, publicKey }) => ({ index, id: `holder-${index}`, publicKey: toBase64url(publicKey) })),
      publicKey: toBase64url(dealt.publicKey), commitments: dealt.commitments.map(toBase64url), validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2027-01-01T00:00:00.000Z',
    };
  });

  const pinned = (ids: readonly string[]): TrustStore => ({
    list: () => holders.filter(({ id }) => ids.includes(id)).map(({ id, key }): Pin => {
      const jwk = publicJwk(key) as PublicJwk;
      return { subject: `holder:${id}`, use: 'evidence', kid: keyIdOf(jwk), jwk, name: id, pinnedAt: now.toISOString() };
    }),
  }) as unknown as TrustStore;
  const signed = (payload: Manifest, ...keys: ReturnType<typeof generatePrivateJwk>[]): unknown =>
    signGeneralJws({ typ: MANIFEST_TYP, payload: payload as unknown as Json, signers: keys.map(signerOf) });
  const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;
  const all = ['holder-1', 'holder-2', 'holder-3'];
  const [one, two, three] = holders.map(({ key }) => key) as [typeof stranger, typeof stranger, typeof stranger];

  it('accepts what a majority of the pinned holders signed', () => {
    expect(trustManifest(signed(manifest, one, two), pinned(all), 'fed', engine, now).holders.map(({ id }) => id)).toEqual(all);
  });
  it('refuses one holder\'s word, even for a manifest that asks for no more', () => {
    const alone: Manifest = { ...manifest, threshold: 1, commitments: [manifest.publicKey] };
    expect(() => trustManifest(signed(alone, one), pinned(all), 'fed', engine, now)).toThrow(code('SIGNATURE_INVALID'));
    expect(() => trustManifest(signed(manifest, one, stranger), pinned(all), 'fed', engine, now)).toThrow(code('SIGNATURE_INVALID'));
  });
  it('refuses to judge with fewer than two pinned holders', () => {
    expect(() => trustManifest(signed(manifest, one, two), pinned([]), 'fed', engine, now)).toThrow(code('KEY_NOT_TRUSTED'));
    expect(() => trustManifest(signed(manifest, one, two), pinned(['holder-1']), 'fed', engine, now)).toThrow(code('KEY_NOT_TRUSTED'));
  });
  it('refuses another federation, another time and a holder\'s key off the committed polynomial', () => {
    expect(() => trustManifest(signed(manifest, one, two), pinned(all), 'other', engine, now)).toThrow(code('MANIFEST_INVALID'));
    expect(() => trustManifest(signed(manifest, one, two), pinned(all), 'fed', engine, new Date('2028-01-01'))).toThrow(code('MANIFEST_INVALID'));
    const [first, second, third] = manifest.holders as [Manifest['holders'][number], Manifest['holders'][number], Manifest['holders'][number]];
    const off: Manifest = { ...manifest, holders: [first, second, { ...third, publicKey: second.publicKey }] };
    expect(() => trustManifest(signed(off, one, two, three), pinned(all), 'fed', engine, now)).toThrow(code('MANIFEST_INVALID'));
  });
  it('gives the newest generation of each epoch, the newest epoch first', () => {
    const all4 = [[1, 0], [2, 1], [1, 3], [2, 0]].map(([epoch, generation]) => ({ servedBy: 'a', jws: signed({ ...manifest, epoch: epoch!, generation: generation! }, one, two) }));
    expect(trustedEpochs(all4, pinned(all), 'fed', engine, now).epochs.map(({ manifest: { epoch, generation } }) => [epoch, generation])).toEqual([[2, 1], [1, 3]]);
  });
  it('takes the newest that stands, and says who served one that is signed and false; nobody else is blamed', () => {
    const off: Manifest = { ...manifest, generation: 9, holders: manifest.holders.map((holder, i) => (i === 1 ? { ...holder, publicKey: manifest.holders[0]!.publicKey } : holder)) };
    const late: Manifest = { ...manifest, epoch: 5, validUntil: '2026-02-01T00:00:00.000Z' };
    const served = [[signed(manifest, one, two), 'a'], [signed(off, one, two, three), 'b'], [signed(late, one, two), 'c'], [signed(manifest, one, stranger), 'd'], [signed(off, one, two, three), 'e']] as const;
    const { epochs, falselyServedBy } = trustedEpochs(served.map(([jws, servedBy]) => ({ jws, servedBy })), pinned(all), 'fed', engine, now);
    expect([epochs.map(({ manifest: { epoch, generation } }) => [epoch, generation]), falselyServedBy]).toEqual([[[1, 0]], ['b', 'e']]);
  });
});

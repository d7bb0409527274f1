import { canonicalBytes, type Json } from '#kernel';
import { fromBase64url, toBase64url } from '../bytes.js';
import { generatePrivateJwk, keyIdOf, publicJwk } from '../jwk.js';
import { signBytes, signerOf, signingInput, verifierOf } from './evidence-key.js';
import { addSignature, type GeneralJws, signDetached, signGeneralJws, verifyDetached, verifyGeneralJws } from './general-jws.js';

const keys = [1, 2, 3].map(() => generatePrivateJwk());
const pins = keys.map((jwk, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(jwk) }));
const typ = 'tally-test+1';
const payload: Json = { b: 1, a: ['x'] };
const sign = (indices: readonly number[], document: Json = payload): GeneralJws =>
  signGeneralJws({ typ, payload: document, signers: indices.map((i) => signerOf(keys[i]!)) });
const verify = (jws: unknown, threshold = 2) => verifyGeneralJws(jws, { typ, pins, threshold });
const raw = (header: object, body: Uint8Array): GeneralJws => {
  const encoded = toBase64url(new TextEncoder().encode(JSON.stringify(header)));
  const text = toBase64url(body);
  return { payload: text, signatures: [{ protected: encoded, signature: toBase64url(signBytes(signerOf(keys[0]!), signingInput(encoded, text))) }] };
};
const kid = keyIdOf(keys[0]!);

describe('JWS General JSON', () => {
  it('gives the payload and who signed it', () => {
    expect(verify(sign([0, 2]))).toMatchObject({ payload, owners: ['holder-1', 'holder-3'] });
    expect(verify(addSignature(sign([1]), typ, signerOf(keys[2]!))).owners).toEqual(['holder-2', 'holder-3']);
  });
  it('counts owners, not signatures', () => {
    expect(() => verify(sign([0, 0]))).toThrow('too few');
    const twoKeysOneOwner = pins.map((pin) => ({ ...pin, owner: 'one' }));
    expect(() => verifyGeneralJws(sign([0, 1]), { typ, pins: twoKeysOneOwner, threshold: 2 })).toThrow('too few');
  });
  it('does not count strangers, and refuses a pinned signer whose signature does not hold', () => {
    const stranger = generatePrivateJwk();
    expect(() => verify(addSignature(sign([0]), typ, signerOf(stranger)))).toThrow('too few');
    const jws = sign([0, 1]);
    const other = sign([0, 1], { b: 2 });
    expect(() => verify({ ...jws, payload: other.payload })).toThrow('does not hold');
  });
  it('refuses another typ, another algorithm, further header members and unprotected headers', () => {
    const body = canonicalBytes(payload);
    expect(verify(raw({ alg: 'ES256', kid, typ }, body), 1).owners).toEqual(['holder-1']);
    for (const header of [{ alg: 'ES256', kid, typ: 'tally-roster+1' }, { alg: 'none', kid, typ }, { alg: 'ES256', crit: ['x'], kid, typ }, { typ, alg: 'ES256', kid }, { alg: 'ES256', typ }]) {
      expect(() => verify(raw(header, body), 1)).toThrow('signature refused');
    }
    const jws = sign([0, 1]);
    expect(() => verify({ ...jws, signatures: jws.signatures.map((entry) => ({ ...entry, header: { kid } })) })).toThrow('unprotected');
  });
  it('refuses a payload that is not canonical', () => {
    for (const text of ['{"b":1,"a":["x"]}', '{"a":["x"],"b":1.0}', '{"a":1,"a":1}', '[1', '\ufeff{}', '1']) {
      expect(() => verify(raw({ alg: 'ES256', kid, typ }, new TextEncoder().encode(text)), 1)).toThrow('canonical');
    }
  });
  it('refuses what is not a JWS', () => {
    for (const bad of [null, 'x', {}, { payload: 'e30' }, { payload: 'e30', signatures: [] }, { payload: 'e30', signatures: [null] }, { payload: 'e31', signatures: sign([0]).signatures }]) {
      expect(() => verify(bad, 1)).toThrow('signature refused');
    }
    expect(() => verify(sign([0]), 0)).toThrow('threshold');
  });
  it('refuses base64url with padding, spaces or stray bits', () => {
    for (const text of ['AA==', 'AB', ' AA', 'A+A', 'A']) expect(() => fromBase64url(text)).toThrow('base64url');
  });
  it('verifies a detached signature over the same statement only', () => {
    const key = verifierOf(keys[0]!);
    const signature = signDetached(typ, payload, signerOf(keys[0]!));
    expect(verifyDetached(typ, payload, key, signature)).toBe(true);
    expect(verifyDetached(typ, { b: 2, a: ['x'] }, key, signature)).toBe(false);
    expect(verifyDetached('tally-other+1', payload, key, signature)).toBe(false);
    expect(verifyDetached(typ, payload, key, signature.subarray(1))).toBe(false);
  });
});

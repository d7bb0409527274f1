import { generateKeyPair, exportJWK, CompactSign, base64url } from 'jose';
import { canonicalBytes, canonicalJson, type Json } from '#kernel';
import {
  SIZE_CLASSES, approvalDigest, claimedKeyId, openContribution, openEnvelope, openJson, sealContribution, sealEnvelope, sealJson,
  sealedJson, signStatement, verifyContribution, verifyStatement, verifyWithPins,
} from './index.js';
import { keyIdOf, privateJwk, publicJwk, type PrivateJwk } from '../jwk.js';

async function aKey(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return privateJwk(await exportJWK(privateKey));
}
const code = (code: string): unknown => expect.objectContaining({ code });

describe('sealed JSON', () => {
  it('is opened by each recipient and by nobody else', async () => {
    const [one, two, other] = await Promise.all([aKey(), aKey(), aKey()]);
    for (const keys of [[one], [one, two]]) {
      const sealed = await sealJson('{"a":1}', keys.map(publicJwk));
      for (const key of keys) expect(await openJson(sealed, key)).toBe('{"a":1}');
      await expect(openJson(sealed, other)).rejects.toEqual(code('KEY_NOT_TRUSTED'));
    }
  });

  it('tells its size class only', async () => {
    const key = publicJwk(await aKey());
    const lengths = await Promise.all([1, 4000, 4096, 4097].map(async (n) => (await sealJson('x'.repeat(n), [key])).ciphertext.length));
    expect(lengths[0]).toBe(lengths[1]);
    expect(lengths[0]).toBe(lengths[2]);
    expect(Math.floor((lengths[3]! * 3) / 4)).toBe(SIZE_CLASSES[1]);
    await expect(sealJson('x'.repeat(3_000_001), [key])).rejects.toEqual(code('PAYLOAD_TOO_LARGE'));
  });

  it('refuses every change of its text', async () => {
    const key = await aKey();
    const sealed = await sealJson('{"a":1}', [publicJwk(key)]);
    for (const name of ['protected', 'iv', 'ciphertext', 'tag'] as const) {
      const text = sealed[name];
      const at = Math.floor(text.length / 2);
      const changed = { ...sealed, [name]: text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1) };
      await expect(openJson(changed, key)).rejects.toMatchObject({ code: expect.stringMatching(/KEY_NOT_TRUSTED|PACKAGE_INVALID/) });
    }
  });

  it('takes no other algorithm, member or header', async () => {
    const key = await aKey();
    const sealed = await sealJson('{"a":1}', [publicJwk(key)]);
    const other = (header: object): string => base64url.encode(JSON.stringify(header));
    const recipient = sealed.recipients[0] as { header: object; encrypted_key: string };
    const bad: unknown[] = [
      null, {}, { ...sealed, unprotected: {} }, { ...sealed, protected: other({ enc: 'A128CBC-HS256' }) }, { ...sealed, protected: other({ enc: 'A256GCM', zip: 'DEF' }) },
      { ...sealed, recipients: [] }, { ...sealed, recipients: [{ ...recipient, header: { ...recipient.header, alg: 'dir' } }] },
      { ...sealed, recipients: [{ ...recipient, header: { ...recipient.header, jku: 'https://example.test' } }] }, { ...sealed, ciphertext: 'AAAA' },
    ];
    for (const one of bad) expect(() => sealedJson(one)).toThrow(expect.objectContaining({ code: 'PACKAGE_INVALID' }));
  });
});

describe('statements', () => {
  it('verify with the trusted key and their own type only', async () => {
    const [key, other] = await Promise.all([aKey(), aKey()]);
    const jws = await signStatement('tally-approval+1', { case: 'c', digest: 'd' }, key);
    expect((await verifyStatement('tally-approval+1', jws, key)).payload).toEqual({ case: 'c', digest: 'd' });
    expect(claimedKeyId(jws)).toBe(keyIdOf(key));
    await expect(verifyStatement('tally-receipt+1', jws, key)).rejects.toEqual(code('SIGNATURE_INVALID'));
    await expect(verifyStatement('tally-approval+1', jws, other)).rejects.toEqual(code('SIGNATURE_INVALID'));
  });

  it('refuse a header that says more, and a payload with two readings', async () => {
    const key = await aKey();
    const signing = await import('jose').then(({ importJWK }) => importJWK({ ...key }, 'ES256'));
    const kid = keyIdOf(key);
    const sign = (bytes: Uint8Array, header: object): Promise<string> => new CompactSign(bytes).setProtectedHeader({ alg: 'ES256', ...header }).sign(signing);
    const payload = canonicalBytes({ a: 1 });
    const twice = new TextEncoder().encode('{"a":1,"a":2}');
    const bad = [
      await sign(payload, { typ: 'tally-approval+1' }), await sign(payload, { typ: 'tally-approval+1', kid, jwk: publicJwk(key) }),
      await sign(payload, { typ: 'tally-approval+1', kid: 'other' }), await sign(payload, { kid }), await sign(twice, { typ: 'tally-approval+1', kid }), 'a.b.c', '',
    ];
    for (const jws of bad) await expect(verifyStatement('tally-approval+1', jws, key)).rejects.toEqual(code('SIGNATURE_INVALID'));
    expect((await verifyStatement('tally-approval+1', await sign(payload, { typ: 'tally-approval+1', kid }), key)).payload).toEqual({ a: 1 });
  });
});

describe('contributions', () => {
  const payload: Json = { case: 'c', member: 'm', text: '证据' };

  it('carry both signatures under the seal', async () => {
    const [evidence, officer, seal] = await Promise.all([aKey(), aKey(), aKey()]);
    const sealed = await sealContribution(payload, { evidence, officer }, [publicJwk(seal)]);
    expect(canonicalJson(sealed as unknown as Json)).not.toContain(keyIdOf(officer));
    const opened = await verifyContribution(await openContribution(sealed, seal), { evidence: [evidence], officers: [officer] });
    expect(opened).toEqual({ payload, evidenceKid: keyIdOf(evidence), officerKid: keyIdOf(officer) });
  });

  it('are refused when a signature is missing, swapped, foreign or false', async () => {
    const [evidence, officer, seal, other] = await Promise.all([aKey(), aKey(), aKey(), aKey()]);
    const open = async (signers: { evidence: PrivateJwk; officer: PrivateJwk }) => openContribution(await sealContribution(payload, signers, [publicJwk(seal)]), seal);
    const pins = { evidence: [evidence], officers: [officer] };
    await expect(verifyContribution(await open({ evidence, officer: other }), pins)).rejects.toEqual(code('KEY_NOT_TRUSTED'));
    await expect(verifyContribution(await open({ evidence: other, officer }), pins)).rejects.toEqual(code('KEY_NOT_TRUSTED'));
    await expect(verifyContribution(await open({ evidence: officer, officer: evidence }), pins)).rejects.toEqual(code('KEY_NOT_TRUSTED'));
    await expect(verifyContribution(await open({ evidence, officer: evidence }), { evidence: [evidence], officers: [evidence] })).rejects.toEqual(code('SIGNATURE_INVALID'));
    const good = await open({ evidence, officer });
    const altered = { ...good, payload: base64url.encode(canonicalBytes({ case: 'd', member: 'm' })) };
    await expect(verifyContribution(altered, pins)).rejects.toEqual(code('SIGNATURE_INVALID'));
    const one = await sealJson(JSON.stringify({ payload: good.payload, signatures: good.signatures.slice(0, 1) }), [publicJwk(seal)]);
    await expect(openContribution(one, seal)).rejects.toEqual(code('PACKAGE_INVALID'));
  });
});

describe('the envelope', () => {
  it('opens with the seal key and verifies with the pinned hub key only', async () => {
    const [hub, seal, other] = await Promise.all([aKey(), aKey(), aKey()]);
    const sealed = await sealEnvelope({ id: 'p' }, hub, [publicJwk(seal)]);
    const jws = await openEnvelope(sealed, seal);
    expect((await verifyWithPins('tally-package+1', jws, [other, hub])).payload).toEqual({ id: 'p' });
    await expect(verifyWithPins('tally-package+1', jws, [other])).rejects.toEqual(code('KEY_NOT_TRUSTED'));
    await expect(verifyWithPins('tally-approval+1', jws, [hub])).rejects.toEqual(code('SIGNATURE_INVALID'));
  });
  it('has one digest whatever its approvals, and another for any other change', () => {
    const digest = approvalDigest({ id: 'p', case: 'c' });
    expect(approvalDigest({ id: 'p', case: 'c', approvals: ['x'] })).toBe(digest);
    expect(approvalDigest({ id: 'p', case: 'd' })).not.toBe(digest);
  });
});

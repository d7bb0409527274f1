import { createHash } from 'node:crypto';
import { aCasePackage, aKey, aPackageWorld, type PackageChanges, type PackageWorld } from '#testing';
import { TrustedKeys, openingProof, packageReport, stixBundle, verifyPackage, type VerifiedPackage } from './index.js';

describe(verifyPackage.name, () => {
  let world: PackageWorld;
  beforeAll(async () => { world = await aPackageWorld(); });

  const verify = async (bytes: Uint8Array, pins = world.pins): Promise<VerifiedPackage> =>
    verifyPackage(bytes, { agency: world.liaison.id, sealKey: world.liaison.seal, trusted: await TrustedKeys.from(pins) });
  const refused = async (code: string, changes: PackageChanges): Promise<void> => {
    await expect(aCasePackage(world, changes).then((bytes) => verify(bytes))).rejects.toMatchObject({ code });
  };

  it('opens and verifies an honest package with the pinned keys alone', async () => {
    const verified = await verify(await aCasePackage(world));
    expect(verified.contributions.map((one) => one.payload.member)).toEqual([world.members[0].id, world.members[1].id]);
    expect(verified.approvals.map((one) => one.side)).toEqual(['LEAD', 'COORDINATOR']);
  });

  it('refuses changed bytes, another spelling and another digest', async () => {
    const bytes = await aCasePackage(world);
    const text = new TextDecoder().decode(bytes);
    await expect(verify(new TextEncoder().encode(`${text.slice(0, -1)} }`))).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
    await expect(verify(new TextEncoder().encode(text.replace(/"digest":"./, (m) => `"digest":"${m.endsWith('0') ? '1' : '0'}`)))).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    await expect(verify(new TextEncoder().encode('{}'))).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
    await expect(verify(Uint8Array.of(0xff, 0xfe))).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
  });

  it('knows only pinned keys: of the hub, of members, of officers', async () => {
    await refused('KEY_NOT_TRUSTED', { hubKey: aKey() });
    await refused('KEY_NOT_TRUSTED', { signers: (party) => ({ evidence: aKey(), officer: party.officers[0]! }) });
    await refused('KEY_NOT_TRUSTED', { signers: (party) => ({ evidence: party.evidence, officer: aKey() }) });
    await refused('KEY_NOT_TRUSTED', { approvers: [world.members[0].officers[1]!, aKey()] });
    await refused('KEY_NOT_TRUSTED', { sealTo: aKey() });
    const bytes = await aCasePackage(world);
    await expect(verify(bytes, world.pins.filter((pin) => pin.subject !== `party:${world.members[1].id}`))).rejects.toMatchObject({ code: 'KEY_NOT_TRUSTED' });
  });

  it('wants two officers: one of the lead who did not propose, one of the coordinator', async () => {
    const [lead, other] = world.members;
    const officer = world.coordinator.officers[0]!;
    await refused('FOUR_EYES_REQUIRED', { approvers: [officer] });
    await refused('FOUR_EYES_REQUIRED', { approvers: [lead.officers[1]!, lead.officers[1]!] });
    await refused('FOUR_EYES_REQUIRED', { approvers: [lead.officers[0]!, officer] });
    await refused('FOUR_EYES_REQUIRED', { approvers: [other.officers[0]!, officer] });
    await refused('FOUR_EYES_REQUIRED', { approvers: [lead.officers[1]!, lead.officers[0]!] });
    await refused('FOUR_EYES_REQUIRED', { approvers: [officer, world.coordinator.officers[1]!] });
  });

  it('refuses an approval of something else', async () => {
    await refused('DIGEST_MISMATCH', { approval: (one, index) => (index === 0 ? { ...one, digest: 'a'.repeat(64) } : one) });
    await refused('PACKAGE_INVALID', { approval: (one) => ({ ...one, purpose: 'FRAUD_PREVENTION' }) });
    await refused('PACKAGE_INVALID', { approval: (one) => ({ ...one, case: '00000000-0000-4000-8000-000000000000' }) });
    await refused('KEY_NOT_TRUSTED', { proposer: world.members[1].officers[0]! });
  });

  it('refuses a package that was proposed to another liaison', async () => {
    await refused('PACKAGE_INVALID', { proposedTo: world.coordinator.id });
  });

  it('refuses contributions of another case or recipient, swapped or left out', async () => {
    await refused('PACKAGE_INVALID', { contribution: (one) => ({ ...one, case: '00000000-0000-4000-8000-000000000000' }) });
    await refused('PACKAGE_INVALID', { contribution: (one) => ({ ...one, recipients: [{ agency: one.member, key: one.recipients[0]!.key }] }) });
    await refused('DIGEST_MISMATCH', { parts: (parts) => [parts[1]!, parts[0]!] });
    await refused('DIGEST_MISMATCH', { parts: (parts) => parts.slice(1) });
    await refused('PACKAGE_INVALID', { contribution: (one) => ({ ...one, facets: { ...one.facets, kinds: ['email'] } }) });
    await refused('DIGEST_MISMATCH', { contribution: (one) => ({ ...one, contents: [{ ...one.contents[0]!, sha256: 'a'.repeat(64) }] }) });
    await refused('PACKAGE_INVALID', { contribution: (one) => ({ ...one, contents: [{ ...one.contents[0]!, path: '../rows.csv' }] }) });
  });

  it('refuses handling weaker than a floor', async () => {
    await refused('HANDLING_TOO_WEAK', { envelope: (one) => ({ ...one, handling: 'GREEN' }) });
    await refused('HANDLING_TOO_WEAK', { contribution: (one) => ({ ...one, handlingFloor: 'RED' }) });
  });

  it('writes STIX and a report that are the same bytes every time', async () => {
    const bytes = await aCasePackage(world);
    const [first, second] = [await verify(bytes), await verify(bytes)];
    expect(stixBundle(second)).toBe(stixBundle(first));
    expect(packageReport(second)).toBe(packageReport(first));
    const bundle = JSON.parse(stixBundle(first)) as { type: string; objects: { type: string; id: string; object_refs?: string[] }[] };
    const ids = new Set(bundle.objects.map((object) => object.id));
    expect(bundle.objects.filter((object) => object.type === 'user-account')).toHaveLength(1);
    for (const ref of bundle.objects.flatMap((object) => object.object_refs ?? [])) expect(ids).toContain(ref);
    expect(packageReport(first)).toContain('Bank B desk');
    expect(packageReport(first)).toContain('&#35; not a &#124; heading');
  });

  it('proves an opening by SHA-256 over the opening and the receipt id', () => {
    const opening = Buffer.alloc(32, 7);
    expect(openingProof(opening.toString('base64url'), 'r1')).toBe(createHash('sha256').update(Buffer.concat([opening, Buffer.from('r1')])).digest('hex'));
  });
});

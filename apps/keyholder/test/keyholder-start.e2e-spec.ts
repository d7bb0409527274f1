import { chmodSync, writeFileSync } from 'node:fs';
import { toBase64url } from '#crypto';
import { aMember, FakeHubStatus, FEDERATION, HolderDatabase, HolderFederation, HolderProcess } from './holder-federation.js';

describe('key-holder at start', () => {
  const hub = new FakeHubStatus();
  const database = new HolderDatabase();
  const dealerMade = new HolderFederation();
  const generated = new HolderFederation();
  const member = aMember();

  beforeAll(async () => {
    await hub.start();
    await database.create();
    await dealerMade.init('dealer');
    await generated.init('dkg');
    for (const federation of [dealerMade, generated]) federation.writeRoster([member]);
  });
  afterAll(async () => {
    HolderProcess.killLeft();
    await hub.stop();
    await database.drop();
    dealerMade.close();
    generated.close();
  });

  const refusal = async (federation: HolderFederation, changes: Record<string, string> = {}): Promise<string> => {
    const process = await new HolderProcess({ ...HolderProcess.environment(federation, 1, database, hub), ...changes }).start();
    await process.stop();
    expect(process.url).toBe('');
    expect(process.exitCode).toBeGreaterThan(0);
    return process.output;
  };

  it('refuses a dealer\'s share in production, and takes one that was generated', async () => {
    expect(await refusal(dealerMade, { TALLY_PROFILE: 'production' })).toContain('made by a dealer');
    const accepted = await new HolderProcess({ ...HolderProcess.environment(generated, 1, database, hub), TALLY_PROFILE: 'production' }).start();
    expect(accepted.url).toMatch(/^http/);
    expect(await accepted.stop()).toBe(0);
  });
  it('refuses a share that is not sealed in production, and a sealed one that does not open', async () => {
    const secret = toBase64url(generated.dealt.shares[0]!.secret);
    const plain = generated.write('plain.json', { v: 1, origin: 'dkg', federation: FEDERATION, epoch: 1, index: 1, holderId: 'holder-1', shares: [{ generation: 0, secret }] });
    expect(await refusal(generated, { TALLY_PROFILE: 'production', TALLY_SHARE_FILE: plain })).toContain('not sealed');
    const otherKey = generated.file('other.key');
    writeFileSync(otherKey, 'ab'.repeat(32), { mode: 0o600 });
    const output = await refusal(generated, { TALLY_SHARE_KEY_FILE: otherKey });
    expect(output).toContain('the sealed share file does not open');
    expect(output).not.toContain('abab');
    expect(await refusal(generated, { TALLY_SHARE_PASSPHRASE_FILE: otherKey })).toContain('one of them');
  });
  it('refuses the hub\'s database cluster in production', async () => {
    const [row] = await database.rows<{ id: string }>('select system_identifier::text as id from pg_control_system()');
    hub.cluster = row!.id;
    expect(await refusal(generated, { TALLY_PROFILE: 'production' })).toContain('the hub\'s cluster');
    hub.cluster = 'another-cluster';
  });
  it('refuses a share file that others can read, a share of another key and of another federation', async () => {
    const open = generated.write('open.json', {}, 0o600);
    chmodSync(open, 0o644);
    expect(await refusal(generated, { TALLY_SHARE_FILE: open })).toContain('chmod 600');
    expect(await refusal(generated, { TALLY_SHARE_FILE: dealerMade.file('share-1.json') })).toContain('share*G is not K_i');
    expect(await refusal(generated, { TALLY_FEDERATION_ID: 'other' })).toContain('another federation');
  });
  it('refuses a manifest with a holder\'s key off the committed polynomial', async () => {
    const rogue = toBase64url(generated.engine.multiplyBase(generated.engine.scalars.reduce(Buffer.alloc(64, 9))));
    const holders = generated.manifest.holders.map((holder) => (holder.index === 3 ? { ...holder, publicKey: rogue } : holder));
    const file = generated.writeManifest({ ...generated.manifest, holders }, 'off.json');
    expect(await refusal(generated, { TALLY_MANIFEST_FILE: file })).toContain('off the committed polynomial');
  });
  it('refuses a manifest and a roster that fewer than t pinned holders signed', async () => {
    expect(await refusal(generated, { TALLY_MANIFEST_FILE: dealerMade.file('manifest.json') })).toContain('too few signatures');
    const roster = generated.writeRoster([member], { signers: [2], name: 'one.json' });
    expect(await refusal(generated, { TALLY_ROSTER_FILE: roster })).toContain('too few signatures');
  });
  it('names every missing setting at once', async () => {
    const output = await refusal(generated, { TALLY_STATUS_URL: '', TALLY_ROSTER_FILE: '', TALLY_PROFILE: '' });
    for (const name of ['TALLY_STATUS_URL', 'TALLY_ROSTER_FILE', 'TALLY_PROFILE']) expect(output).toContain(name);
  });
});

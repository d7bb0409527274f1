/**
 * A key made by its holders, from nothing to tokens: three `tally ceremony` processes with a home each, key-holder processes in the production profile
 * on their sealed shares, a member that pins them. Then the shares are renewed and handed on, and every token stays.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acceptAnswers, deriveToken, encodeInput, fromBase64url, outputAt, prepareBatch, publicJwk, ROSTER_TYP, signDetached, signerOf, signGeneralJws } from '#crypto';
import type { Json } from '#kernel';
import { BATCH_TYP, batchStatement, type OprfRequest, uuidToBytes } from '#protocol';
import { epochFile, fingerprintOf, KeyHolderClient, retireOldShares, setPatience, type TrustedManifest, trustManifest, TrustStore } from '#sdk';
import { CEREMONY_FEDERATION, CeremonyTable } from '#testing';
import { aMember, FakeHubStatus, HolderDatabase, HolderProcess } from '../../apps/keyholder/test/holder-federation.js';

const TALLY = path.resolve(import.meta.dirname, '../../bin/tally.mjs');
const three = ['holder-1', 'holder-2', 'holder-3'];
const five = [...three, 'holder-4', 'holder-5'];
/** Many processes one after the other: on a busy machine they take their time. */
const PATIENT_MS = 180_000;
const values = ['+8613800000000', '+8613800000001', 'a value'];

describe('a key made by its holders', () => {
  const hub = new FakeHubStatus();
  const bank = aMember();
  const databases = new Map(five.map((id) => [id, new HolderDatabase()]));
  const running = new Map<string, HolderProcess>();
  let table: CeremonyTable;
  let tokens: string[];
  let stale: TrustedManifest;
  let serial = 0;

  beforeAll(async () => {
    table = await CeremonyTable.of([]);
    await hub.start();
    for (const database of databases.values()) await database.create();
    writeFileSync(path.join(table.directory, 'status-key.json'), JSON.stringify(publicJwk(hub.key)));
  });
  afterAll(async () => {
    for (const process of running.values()) await process.stop();
    HolderProcess.killLeft();
    setPatience(30_000);
    await hub.stop();
    for (const database of databases.values()) await database.drop();
    table.remove();
  });

  const tally = (...args: readonly string[]): Promise<{ status: number | null; json: Record<string, unknown>; said: string }> => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [TALLY, 'ceremony', ...args, '--json'], { env: { PATH: process.env['PATH'] ?? '', LANG: 'en' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, said] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.once('error', reject).once('close', (status) => resolve({ status, said, json: (out === '' ? {} : JSON.parse(out)) as Record<string, unknown> }));
  });
  const homeOf = (id: string): string => path.join(table.directory, id);
  /** One command in each holder's own process, at once. */
  const each = (ids: readonly string[], ...args: readonly string[]): Promise<Record<string, unknown>[]> => Promise.all(ids.map(async (id) => {
    const { status, json, said } = await tally(...args, '--home', homeOf(id));
    expect([id, args[0], status, said]).toEqual([id, args[0], 0, '']);
    return json;
  }));

  const environment = (id: string, files: Record<string, string> = {}): Record<string, string> => {
    const home = table.home(id);
    const database = databases.get(id)!;
    return {
      PATH: process.env['PATH'] ?? '', TALLY_PROFILE: 'production', TALLY_FEDERATION_ID: CEREMONY_FEDERATION, DATABASE_URL: database.url,
      DATABASE_PASSWORD_FILE: database.passwordFile(table.directory), TALLY_STATUS_URL: hub.url, TALLY_STATUS_INTERVAL_MS: '100', TALLY_STATUS_KEY_FILE: path.join(table.directory, 'status-key.json'),
      TALLY_SHARE_FILE: epochFile(home, 1, 'share.json'), TALLY_SHARE_KEY_FILE: home.settings.sealing.file, TALLY_MANIFEST_FILE: epochFile(home, 1, 'manifest.json'),
      TALLY_PREVIOUS_MANIFEST_FILE: epochFile(home, 1, 'manifest.previous.json'), TALLY_HOLDER_PINS_FILE: epochFile(home, 1, 'pins.json'), TALLY_ROSTER_FILE: path.join(table.directory, 'roster.json'), ...files,
    };
  };
  const restart = async (ids: readonly string[]): Promise<void> => {
    await Promise.all(ids.map(async (id) => {
      await running.get(id)?.stop();
      const holder = await new HolderProcess(environment(id)).start();
      expect([id, holder.url === '' ? holder.output : '']).toEqual([id, '']);
      running.set(id, holder);
    }));
  };
  const writeRoster = (signers: readonly string[]): void => {
    const validity = { validFrom: new Date(Date.now() - 60_000).toISOString(), validUntil: new Date(Date.now() + 3_600_000).toISOString() };
    const member = { memberId: bank.memberId, evidenceKeys: [publicJwk(bank.key)], attested: 0, budgets: bank.budgets, ...validity };
    const roster = { v: 1, federation: CEREMONY_FEDERATION, epoch: 1, serial: ++serial, members: [member], ...validity };
    writeFileSync(path.join(table.directory, 'roster.json'), JSON.stringify(signGeneralJws({ typ: ROSTER_TYP, payload: roster as unknown as Json, signers: signers.map((id) => signerOf(table.home(id).evidenceKey())) })));
  };

  /** The manifest as a member takes it that has pinned these holders by their fingerprints. */
  const trusted = (from: string, pinned: readonly string[]): TrustedManifest => {
    const trust = new TrustStore(path.join(table.directory, `trust-${randomUUID()}.json`));
    for (const id of pinned) trust.add(table.home(id).publicFile(), fingerprintOf(table.home(id).publicFile()), new Date());
    return trustManifest(table.manifestJws(from), trust, CEREMONY_FEDERATION, table.engine, new Date());
  };
  /** Tokens as a member makes them, of whichever holders answer. */
  const tokenise = async (manifest: TrustedManifest): Promise<string[]> => {
    const batchId = uuidToBytes(randomUUID());
    const inputs = values.map((value) => encodeInput({ kind: 'phone', federationId: CEREMONY_FEDERATION, value }));
    const batch = prepareBatch(table.engine, { seed: randomBytes(32), manifestHash: manifest.hash, batchId, inputs, padTo: 8 });
    const sign = (request: OprfRequest): Uint8Array => signDetached(BATCH_TYP, batchStatement(request, new Uint8Array(createHash('sha256').update(request.points).digest())), signerOf(bank.key));
    const client = new KeyHolderClient([...running].map(([id, { url }]) => ({ id, url })));
    const outputs = await client.evaluate({
      manifestHash: manifest.hash, batchId, budget: 'publish', memberId: bank.memberId, kid: fromBase64url(signerOf(bank.key).kid), points: batch.points, sign,
    }, manifest, async (given) => acceptAnswers(table.engine, { batch, holders: manifest.holders, ...given }));
    return values.map((_, k) => Buffer.from(deriveToken(outputAt(outputs, k), { hubId: 'hub', epoch: 1 })).toString('hex'));
  };

  it('is generated by three processes, and their key-holders answer for it in production', async () => {
    const exchange = path.join(table.directory, 'exchange');
    const key = path.join(table.directory, 'holder-1.key');
    writeFileSync(key, randomBytes(32).toString('hex'), { mode: 0o600 });
    await each(['holder-1'], 'init', '--holder-id', 'holder-1', '--name', 'First', '--federation-id', CEREMONY_FEDERATION, '--key-file', key);
    table.adopt(homeOf('holder-1'));
    table.seat(three.slice(1));
    const agreed = ['--dir', exchange, '--epoch', '1', '--threshold', '2'];
    await each(['holder-1'], 'open', ...agreed, ...three.flatMap((id) => ['--holder', id]));
    expect((await tally('join', ...agreed, '--kind', 'generate', ...[...three, 'holder-4'].flatMap((id) => ['--holder', id]), '--home', homeOf('holder-2'))).status).toBe(2);
    await each(three, 'join', ...agreed, '--kind', 'generate', ...three.flatMap((id) => ['--holder', id]));
    const confirmed = new Set<string>();
    for (let turn = 0; turn < 15 && confirmed.size < three.length; turn += 1) {
      const id = three[turn % three.length]!;
      const [answer] = await each([id], 'round', '--dir', exchange);
      expect(answer).toMatchObject({ kind: 'generate', threshold: 2, holders: three });
      if (answer!['round'] === 'confirmed') confirmed.add(id);
    }
    expect([...confirmed].sort()).toEqual(three);
    await each(three, 'sign-manifest', '--dir', exchange);
    const finished = await each(three, 'finish', '--dir', exchange);
    expect(new Set(finished.map(({ manifestHash }) => manifestHash)).size).toBe(1);
    expect(finished[2]).toMatchObject({ signedBy: three, generation: 0 });
    writeRoster(three);
    await restart(three);
    stale = trusted('holder-2', three);
    tokens = await tokenise(stale);
    expect(new Set(tokens).size).toBe(values.length);
  }, PATIENT_MS);

  it('keeps every token over a refresh, answers one generation of grace, and refuses old shares afterwards', async () => {
    mkdirSync(path.join(table.directory, 'kept'));
    const kept = path.join(table.directory, 'kept/share.json');
    copyFileSync(epochFile(table.home('holder-1'), 1, 'share.json'), kept);
    const folder = table.folder();
    await table.run(folder, table.openRefresh(folder, 'holder-1'));
    await restart(['holder-1', 'holder-3']);
    const fresh = trusted('holder-3', three);
    expect(fresh.manifest.generation).toBe(1);
    expect(await tokenise(fresh)).toEqual(tokens); // holder-2 has not gone on yet: another quorum answers
    expect(await tokenise(stale)).toEqual(tokens);
    const swapped = await new HolderProcess(environment('holder-2', { TALLY_MANIFEST_FILE: epochFile(table.home('holder-2'), 1, 'manifest.previous.json'), TALLY_PREVIOUS_MANIFEST_FILE: epochFile(table.home('holder-2'), 1, 'manifest.json') })).start();
    expect([swapped.url, swapped.output]).toEqual(['', expect.stringContaining('not the generation before')]);
    for (const id of three) await retireOldShares(table.home(id), 1);
    await restart(['holder-1', 'holder-3']); // one holder that still answers is not enough
    await expect(tokenise(stale)).rejects.toMatchObject({ code: 'STALE_MANIFEST' });
    expect(await tokenise(fresh)).toEqual(tokens);
    const old = await new HolderProcess(environment('holder-1', { TALLY_SHARE_FILE: kept })).start();
    expect([old.url, await old.stop()]).toEqual(['', 2]);
    expect(old.output).toContain('the manifest does not name this share');
  }, PATIENT_MS);

  it('is handed on from 2 of 3 to 3 of 5, keeps every token, and then does without two holders but not without three', async () => {
    table.seat(five.slice(3));
    const folder = table.folder();
    await table.run(folder, table.openResharing(folder, 'holder-2', { threshold: 3, holders: five }));
    writeRoster(five);
    await restart(five);
    const manifest = trusted('holder-5', five);
    expect(manifest.manifest).toMatchObject({ generation: 2, threshold: 3 });
    expect(await tokenise(manifest)).toEqual(tokens);
    expect(await tokenise(trusted('holder-1', three))).toEqual(tokens); // a member that has pinned the old ones only
    for (const id of ['holder-1', 'holder-4']) await running.get(id)!.stop();
    setPatience(3_000);
    expect(await tokenise(manifest)).toEqual(tokens);
    await running.get('holder-2')!.stop();
    setPatience(1_000);
    await expect(tokenise(manifest)).rejects.toMatchObject({ code: 'KEY_HOLDERS_UNAVAILABLE', fields: { needed: 3, of: 5 } });
  }, PATIENT_MS);

  it('says nothing of a share in a log', () => {
    expect(running.size).toBe(5);
    for (const [id, { output }] of running) {
      const box = (JSON.parse(readFileSync(epochFile(table.home(id), 1, 'share.json'), 'utf8')) as { box: string }).box;
      expect([id, output.includes(box.slice(0, 40))]).toEqual([id, false]);
    }
  });
});

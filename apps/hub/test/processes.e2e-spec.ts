/** Hub and token server as real processes, driven by the real agent: from an empty directory to two parties, and out again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generatePrivateJwk, keyIdOf, publicJwk } from '#crypto';
import { freePort, withTestDatabase, type TestDatabase } from '#testing';

const db = withTestDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'tally-processes-'));
const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content, { mode: 0o600 });
  return path.join(folder, name);
};
const home = (name: string): string => path.join(folder, name);
const addresses = { hub: '', auth: '' };
const children: ChildProcess[] = [];

beforeAll(async () => {
  if (!existsSync('dist/apps/hub/main.js')) throw new Error('run `npm run build` first');
  const signing = generatePrivateJwk();
  const named = { ...publicJwk(signing), kid: keyIdOf(signing), alg: 'ES256', use: 'sig' };
  addresses.auth = `http://127.0.0.1:${await freePort()}`;
  const common = {
    TALLY_PROFILE: 'test', TALLY_FEDERATION_ID: 'test-federation', TALLY_HUB_ID: 'test-hub', TALLY_FEDERATION_POLICY: 'synthetic',
    TALLY_ISSUER: addresses.auth, TALLY_HUB_AUDIENCE: 'urn:tallystick:hub:test-hub', PATH: process.env['PATH'] ?? '',
  };
  await start('auth', { ...common, ...access(db, 'tally_auth'), TALLY_HTTP_PORT: new URL(addresses.auth).port, TALLY_AUTH_KEYS_FILE: file('auth.jwks', JSON.stringify({ keys: [{ ...named, d: signing.d }] })) });
  addresses.hub = await start('hub', {
    ...common, ...access(db, 'tally_app'), TALLY_AUTH_JWKS_FILE: file('auth.public.jwks', JSON.stringify({ keys: [named] })),
    TALLY_STATUS_KEY_FILE: file('status.jwk', JSON.stringify(generatePrivateJwk())), TALLY_CONTEXT_KEY_FILE: file('context.key', db.contextKeys.app),
  });
});
afterAll(async () => {
  const codes = await Promise.all(children.map((child) => new Promise<number | null>((done) => {
    if (child.exitCode !== null) done(child.exitCode);
    child.once('exit', done);
    child.kill('SIGTERM');
  })));
  rmSync(folder, { recursive: true, force: true });
  expect(codes).toEqual(children.map(() => 0));
});

describe('hub, token server and agent as processes', () => {
  it('admits a bank by two officers of the coordinator, serves it, and suspends it within 5 s', async () => {
    const [coordinator, bank] = [await init('coordinator', 'coordinator'), await init('bank', 'member')];
    await bootstrap(coordinator.publicFile);
    const [first, second] = coordinator.officers;

    expect(await tally('bank', ['admin', 'list'])).toMatchObject({ code: 4, stderr: expect.stringMatching(/^UNAUTHENTICATED: /) as unknown });
    const admit = (command: string, key: string | undefined) => tally('coordinator', ['admin', command, '--file', bank.publicFile, '--officer-key', key ?? '']);
    expect(JSON.parse((await admit('admit', first?.keyFile)).stdout)).toMatchObject({ id: bank.partyId, status: 'PENDING', openAct: { signatures: 1 } });
    expect(await admit('approve', first?.keyFile)).toMatchObject({ code: 3, stderr: expect.stringMatching(/^FOUR_EYES_REQUIRED: /) as unknown });
    expect(await admit('approve', bank.officers[0]?.keyFile)).toMatchObject({ code: 4, stderr: expect.stringMatching(/^FORBIDDEN: /) as unknown });
    expect(JSON.parse((await admit('approve', second?.keyFile)).stdout)).toMatchObject({ id: bank.partyId, status: 'ACTIVE' });
    expect((await tally('bank', ['admin', 'list'])).stderr).toMatch(/^FORBIDDEN: /);

    const list = JSON.parse((await tally('coordinator', ['admin', 'list'])).stdout) as { id: string; status: string }[];
    expect(list.map(({ id, status }) => [id, status]).sort()).toEqual([[bank.partyId, 'ACTIVE'], [coordinator.partyId, 'ACTIVE']].sort());

    const standing = (command: string, key: string | undefined) => tally('coordinator', ['admin', command, bank.partyId, '--officer-key', key ?? '']);
    expect(JSON.parse((await standing('suspend', first?.keyFile)).stdout)).toMatchObject({ status: 'SUSPENDED', policyVersion: 2 });
    expect(await tally('bank', ['admin', 'list'])).toMatchObject({ code: 4 });
    expect(JSON.parse((await standing('lift', first?.keyFile)).stdout)).toMatchObject({ status: 'SUSPENDED' });
    expect(JSON.parse((await standing('lift', second?.keyFile)).stdout)).toMatchObject({ status: 'ACTIVE', policyVersion: 3 });
    expect((await tally('bank', ['admin', 'list'])).stderr).toMatch(/^FORBIDDEN: /);
  }, 120_000);
});

describe('a process that cannot start', () => {
  it.each(['hub', 'auth'])('%s says all faults at once, without values', async (app) => {
    const { code, stdout, stderr } = await run([`dist/apps/${app}/main.js`], { TALLY_PROFILE: 'production', TALLY_ISSUER: 'not a url 13812345678', TALLY_HUB_AUDIENCE: 'x', DATABASE_URL: 'postgresql://tally_app@/x' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^CONFIG_INVALID: .*TALLY_ISSUER.*TALLY_HUB_AUDIENCE.*_FILE/ms);
    expect(stderr).not.toContain('13812345678');
  });
  it('hub refuses the synthetic policy in production', async () => {
    const secret = file('k.jwk', JSON.stringify(generatePrivateJwk()));
    const { code, stderr } = await run(['dist/apps/hub/main.js'], {
      TALLY_PROFILE: 'production', TALLY_FEDERATION_ID: 'f', TALLY_HUB_ID: 'h', TALLY_FEDERATION_POLICY: 'synthetic', TALLY_ISSUER: 'https://auth.example', TALLY_HUB_AUDIENCE: 'urn:x',
      TALLY_AUTH_JWKS_FILE: secret, TALLY_STATUS_KEY_FILE: secret, TALLY_CONTEXT_KEY_FILE: file('ck', db.contextKeys.app), ...access(db, 'tally_app'),
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/TALLY_FEDERATION_POLICY.*TALLY_DOCUMENTS_FILE/s)]);
  });
});

interface Init { partyId: string; publicFile: string; officers: { keyFile: string }[] }

async function init(name: string, role: string): Promise<Init> {
  const { stdout } = await tally(name, ['init', '--name', name, '--role', role, '--hub', addresses.hub, '--auth', addresses.auth,
    '--federation-id', 'test-federation', '--hub-id', 'test-hub', '--officer', 'One', '--officer', 'Two', '--key-holder', `h1=${addresses.hub}`]);
  return JSON.parse(stdout) as Init;
}

async function bootstrap(publicFile: string): Promise<void> {
  const { code, stderr } = await run(['dist/tools/bootstrap/main.js', '--file', publicFile], access(db, 'tally_migrate'));
  expect([code, stderr]).toEqual([0, '']);
  expect((await run(['dist/tools/bootstrap/main.js', '--file', publicFile], access(db, 'tally_migrate'))).stderr).toMatch(/^ALREADY_EXISTS: /);
}

function tally(name: string, args: string[]) {
  return run(['bin/tally.mjs', '--json', '--home', home(name), '--lang', 'en', ...args], {});
}

function run(args: string[], env: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (data: Buffer) => { out.stdout += data.toString(); });
    child.stderr.on('data', (data: Buffer) => { out.stderr += data.toString(); });
    child.on('close', (code) => { done({ code, ...out }); });
  });
}

/** Starts an app and waits for its one line on stdout. */
function start(app: string, env: Record<string, string>): Promise<string> {
  return new Promise((ready, failed) => {
    const child = spawn(process.execPath, [`dist/apps/${app}/main.js`], { env: { ...env, TALLY_LOG_FILE: path.join(folder, `${app}.log`) }, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let out = '';
    const said = (data: Buffer): void => {
      out += data.toString();
      const line = /^\{"event":"app\.ready".*\}$/m.exec(out)?.[0];
      if (line !== undefined) ready((JSON.parse(line) as { url: string }).url);
    };
    child.stdout.on('data', said);
    child.stderr.on('data', (data: Buffer) => { out += data.toString(); });
    child.once('exit', (code) => { failed(new Error(`${app} ended with ${code}: ${out.slice(0, 2000)} ${existsSync(path.join(folder, `${app}.log`)) ? readFileSync(path.join(folder, `${app}.log`), 'utf8').slice(0, 500) : ''}`)); });
  });
}

/** URL and password apart, as in production. */
function access(database: TestDatabase, role: Parameters<TestDatabase['url']>[0]): Record<string, string> {
  return { DATABASE_URL: database.url(role) };
}

/** What a user may hand the agent by mistake: one clear line, a stable code and exit status, nothing half-done. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Vault, openHome } from '#sdk';
import { COMMANDS } from '../commands/index.js';
import { runTally } from '../shell/run-tally.js';

const HEADER = 'row,type,value,first_seen,channel\n';
const PROFILE = {
  role: 'SUSPECT', category: 'PHISHING', means: ['VICTIM_REPORT'], level: 'L1', purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER',
};

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void { this.text += chunk.toString(); done(); }
}

describe('tally with input that cannot be used', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-agent-'));
  const home = path.join(folder, 'home');
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const run = async (args: readonly string[], stdin = '', env: Record<string, string> = {}): Promise<{ exit: number; out: string; err: string }> => {
    const [stdout, stderr] = [new Sink(), new Sink()];
    const streams = { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, env: { TALLY_HOME: home, TALLY_PATIENCE_SECONDS: '1', LANG: 'en', ...env } };
    return { exit: await runTally(args, streams, COMMANDS), out: stdout.text, err: stderr.text };
  };
  const profile = file('profile.json', JSON.stringify(PROFILE));
  const good = file('good.csv', `${HEADER}A1,phone,13320826779,2026-03-01,hotline\n`);

  beforeAll(async () => {
    // Ports of the loopback that nobody listens on.
    const made = await run(['init', '--name', 'Bank', '--hub', 'http://127.0.0.1:1', '--auth', 'http://127.0.0.1:1', '--federation-id', 'fed', '--hub-id', 'hub', '--officer', 'Li',
      '--key-holder', 'holder-1=http://127.0.0.1:1']);
    expect(made).toMatchObject({ exit: 0, err: '' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each<[string, string, number, () => readonly string[]]>([
    ['a wrong header', 'HEADER_INVALID', 2, () => ['publish', file('h.csv', 'name,phone\nx,13320826779\n'), '--profile', profile]],
    ['no header but a value in its place', 'HEADER_INVALID', 2, () => ['publish', file('n.csv', 'A1,phone,13320826779,2026-03-01,hotline\n'), '--profile', profile]],
    ['garbage bytes', 'FILE_UNREADABLE', 2, () => ['publish', file('g.csv', randomBytes(4096)), '--profile', profile]],
    ['text cut in the middle of a GB18030 character', 'FILE_UNREADABLE', 2, () => ['publish', file('c.csv', Buffer.concat([Buffer.from(HEADER), Buffer.from([0xd0, 0xd0, 0xc1])])), '--profile', profile]],
    ['a line of 10 MB', 'PAYLOAD_TOO_LARGE', 2, () => ['publish', file('l.csv', `${HEADER}A1,phone,${'1'.repeat(10_000_000)},2026-03-01,x\n`), '--profile', profile]],
    ['an empty file', 'FILE_UNREADABLE', 2, () => ['publish', file('e.csv', ''), '--profile', profile]],
    ['an open quote', 'FILE_UNREADABLE', 2, () => ['publish', file('q.csv', `${HEADER}A1,phone,"133,2026-03-01,x\nA2,phone,13320826779,2026-03-01,x\n`), '--profile', profile]],
    ['a missing file', 'FILE_UNREADABLE', 2, () => ['publish', path.join(folder, 'none.csv'), '--profile', profile]],
    ['a profile with a purpose that does not exist', 'PROFILE_INVALID', 2, () => ['publish', good, '--profile', file('p.json', JSON.stringify({ ...PROFILE, purpose: 'MARKETING' }))]],
    ['an unknown kind', 'KIND_UNKNOWN', 2, () => ['check', '-', '--kind', 'passport', '--purpose', 'FRAUD_PREVENTION', '--legal-basis', 'CONTRACT']],
    ['a value where a file belongs', 'FILE_UNREADABLE', 2, () => ['check', '13320826779', '--kind', 'phone', '--purpose', 'FRAUD_PREVENTION', '--legal-basis', 'CONTRACT']],
    ['no purpose', 'BAD_INPUT', 2, () => ['overlaps']],
    ['an unknown command', 'BAD_INPUT', 2, () => ['publsh']],
    ['a hub that is down', 'UNREACHABLE', 5, () => ['events']],
    ['key-holders that are down', 'KEY_HOLDERS_UNAVAILABLE', 5, () => ['publish', good, '--profile', profile]],
  ])('%s: %s', async (_, code, exit, args) => {
    const answer = await run(args(), '13320826779\n');
    expect(answer).toMatchObject({ exit, out: '' });
    expect(answer.err).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`));
    expect(answer.err).not.toContain('13320826779');
    if (existsSync(path.join(home, 'vault'))) {
      const vault = await Vault.open(openHome(home));
      expect(await vault.status()).toEqual({
        clues: {}, groups: [], rows: 0, local: 0, publications: 0, unfinished: 0, unverifiedBatches: 0, cachedTokens: 0, keyGeneration: 1, lastBackupAt: null,
      });
      await vault.close();
    }
  });

  it('refuses an engine that is none to choose', async () => {
    const answer = await run(['events'], '', { TALLY_ENGINE: 'noble' });
    expect(answer.exit).not.toBe(0);
    expect(answer.err).toMatch(/^CONFIG_INVALID: .*TALLY_ENGINE.*kernel, libsodium.*\n$/);
  });

  it('says the same in Chinese', async () => {
    expect((await run(['publish', path.join(folder, 'none.csv'), '--profile', profile, '--lang', 'zh'])).err).toMatch(/^FILE_UNREADABLE: 文件无法读取（.+）\n$/);
  });

  it('refuses a vault key that others may read, and one of another vault', async () => {
    expect((await run(['vault', 'status'])).exit).toBe(0);
    const key = path.join(home, 'vault.key');
    chmodSync(key, 0o640);
    expect(await run(['vault', 'status'])).toMatchObject({ exit: 7, err: expect.stringMatching(/^VAULT_INVALID: .*mode=640/) as string });
    chmodSync(key, 0o600);
    const old = readFileSync(key);
    writeFileSync(key, randomBytes(32));
    expect(await run(['vault', 'status'])).toMatchObject({ exit: 7, err: expect.stringMatching(/^VAULT_INVALID: .*other vault/) as string });
    writeFileSync(key, old);
    expect((await run(['vault', 'status'])).exit).toBe(0);
  });

  it('purges only when told yes, key first', async () => {
    expect((await run(['vault', 'purge'])).exit).toBe(2);
    expect((await run(['vault', 'purge', '--yes'])).exit).toBe(0);
    expect([existsSync(path.join(home, 'vault.key')), existsSync(path.join(home, 'vault'))]).toEqual([false, false]);
  });
});

/**
 * Key generation against the garbage collector, in the compiled code. On Node 20 a key pair that is generated and then exported can lock its
 * process for good; a collection every few allocations makes it certain within some hundred keys.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const KEYS = 5_000;
const crypto = pathToFileURL(path.resolve('dist/libs/crypto/index.js')).href;
const program = `
  import { generatePrivateJwk } from ${JSON.stringify(crypto)};
  const seen = new Set();
  for (let i = 0; i < ${String(KEYS)}; i++) seen.add('x'.repeat(i % 977) + generatePrivateJwk().d);
  console.log(seen.size);`;

describe('generating keys while memory is collected', () => {
  it.each(['--gc-interval=29', '--max-semi-space-size=1'])('never stands still (%s)', (flag) => {
    const answer = execFileSync(process.execPath, [flag, '--input-type=module', '--eval', program], { encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL' });
    expect(answer.trim()).toBe(String(KEYS));
  }, 150_000);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair, type FlattenedJWSInput } from 'jose';
import { tokenKeysFrom } from './token-keys.js';

describe(tokenKeysFrom.name, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-keys-'));
  const file = path.join(folder, 'jwks.json');
  afterAll(() => { rmSync(folder, { recursive: true }); });
  const write = async (...kids: string[]): Promise<void> => {
    const keys = await Promise.all(kids.map(async (kid) => ({ ...await exportJWK((await generateKeyPair('ES256')).publicKey), kid, alg: 'ES256' })));
    writeFileSync(file, JSON.stringify({ keys }));
  };
  const token: FlattenedJWSInput = { payload: '', signature: '' };

  it('reads the file again for an unknown key, but not more often than every ten seconds', async () => {
    await write('old');
    let now = 0;
    const sut = tokenKeysFrom(file, { now: () => new Date(now) });
    const find = (kid: string) => sut({ alg: 'ES256', kid }, token);
    await expect(find('old')).resolves.toBeDefined();
    await write('old', 'new');
    now = 5_000;
    await expect(find('new')).rejects.toThrow();
    now = 11_000;
    await expect(find('new')).resolves.toBeDefined();
    await expect(find('never')).rejects.toThrow();
  });
});

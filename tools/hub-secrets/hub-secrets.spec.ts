import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keyIdOf, privateJwk } from '#crypto';
import { parsePublicFile } from '#sdk';
import { makeHubSecrets } from './hub-secrets.js';

describe(makeHubSecrets.name, () => {
  const base = mkdtempSync(path.join(tmpdir(), 'tally-secrets-'));
  const folder = path.join(base, 'secrets');
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  afterAll(() => rmSync(base, { recursive: true }));

  it('makes every secret of the compose file that no ceremony makes, each for its owner only', () => {
    const { secrets } = makeHubSecrets(folder, 'Alliance hub', 3);
    const compose = readFileSync(path.resolve(import.meta.dirname, '../../docker/compose.yaml'), 'utf8');
    const named = [...compose.matchAll(/file: \.\/secrets\/([\w-]+)/g)].map((match) => match[1]);
    expect(named.filter((name) => !secrets.includes(name!)).sort()).toEqual([
      'holder-pins', 'manifest', 'roster', 'share-1', 'share-1-passphrase', 'share-2', 'share-2-passphrase', 'share-3', 'share-3-passphrase',
    ]);
    for (const name of secrets) expect([name, (statSync(path.join(folder, name)).mode & 0o777).toString(8)]).toEqual([name, '400']);
  });
  it('makes a public file that everybody can pin, of the keys that sign', () => {
    const { subject, keys } = parsePublicFile(JSON.parse(read('hub.public.json')));
    expect([subject, keys.map(({ use, kid }) => [use, kid])]).toEqual(['hub', ['package', 'status'].map((use) => [use, keyIdOf(privateJwk(JSON.parse(read(`${use}-key`))))])]);
    expect(read('auth-jwks')).not.toContain('"d"');
  });
  it('writes over nothing', () => {
    const before = readdirSync(folder).map(read);
    expect(() => makeHubSecrets(folder, 'again')).toThrow(expect.objectContaining({ code: 'ALREADY_EXISTS' }));
    expect(readdirSync(folder).map(read)).toEqual(before);
  });
});

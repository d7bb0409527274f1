/**
 * One answer on every Node version, in every locale and time zone: digests written down once, seen on Node 20.20 and 24.21. After a raise of a
 * normaliser's version (libs/indicators/version-pins.spec.ts) they are written down anew, after a run on both.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CASE_FILES, digestOfInvented, digestsOfFiles } from '../../tools/canonical-digests/canonical-digests.js';

const INVENTED = 3_000;
const OF_INVENTED = 'e714f89518ec91a0c083c86b';
const OF_FILES = 'a122fe279986bbd5d0f0d657';
const root = path.resolve(import.meta.dirname, '../..');
const shared = path.resolve(root, '../shared/data');

describe('canonical forms', () => {
  it('of invented strings are those of every Node version', () => { expect(digestOfInvented(INVENTED)).toBe(OF_INVENTED); });

  it.each([['tr_TR.UTF-8', 'Pacific/Kiritimati']])('are the same in locale %s and time zone %s', (locale, zone) => {
    const program = path.join(root, 'dist/tools/canonical-digests/main.js');
    const answer = execFileSync(process.execPath, [program, '--count', String(INVENTED), '--no-files'], { env: { ...process.env, LANG: locale, LC_ALL: locale, TZ: zone }, encoding: 'utf8' });
    expect(JSON.parse(answer)).toEqual({ invented: OF_INVENTED });
  });

  (existsSync(shared) ? it : it.skip)('of the reference data are those of every Node version (skipped where ../shared/data is absent)', async () => {
    const digests = await digestsOfFiles(shared, CASE_FILES);
    expect(createHash('sha256').update(JSON.stringify(digests)).digest('hex').slice(0, 24)).toBe(OF_FILES);
  });
});

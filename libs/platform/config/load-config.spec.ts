import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppConfig, TenantAppConfig } from './app-config.js';
import { ConfigError } from './config.error.js';
import { loadConfig } from './load-config.js';

const dir = mkdtempSync(path.join(tmpdir(), 'tally-config-'));
const secretFile = (content: string, mode = 0o600): string => {
  const file = path.join(dir, String(Math.random()));
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
  return file;
};
const key = 'a1'.repeat(32);
const good = { TALLY_PROFILE: 'production', DATABASE_URL: 'postgresql://tally_app@db/tally', TALLY_CONTEXT_KEY_FILE: secretFile(`${key}\n`) };
const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(TenantAppConfig, env);
  } catch (error) {
    return (error as ConfigError).faults;
  }
  return [];
};

describe(loadConfig.name, () => {
  it('reads, converts, applies defaults and freezes', () => {
    const config = loadConfig(TenantAppConfig, { ...good, TALLY_HTTP_PORT: '8080' });
    expect(config).toMatchObject({ profile: 'production', httpPort: 8080, httpHost: '127.0.0.1', contextKey: key });
    expect(Object.isFrozen(config)).toBe(true);
  });
  it('tells all faults at once, by name, without a value', () => {
    const faults = faultsOf({ TALLY_HTTP_PORT: 'eighty-leak', TALLY_LOG_LEVEL: 'loud-leak', DATABASE_URL: 'mysql://leak', TALLY_CONTEXT_KEY_FILE: '/nowhere/leak' });
    expect(faults.map((fault) => fault.split(':')[0]).sort())
      .toEqual(['DATABASE_URL', 'TALLY_CONTEXT_KEY_FILE', 'TALLY_HTTP_PORT', 'TALLY_LOG_LEVEL', 'TALLY_PROFILE']);
    expect(faults.join()).not.toContain('leak');
  });
  it('has no default profile', () => expect(() => loadConfig(AppConfig, {})).toThrow('TALLY_PROFILE: is not set'));
  it('refuses a secret that others can read in production, not in a demo', () => {
    const open = secretFile(key, 0o644);
    expect(faultsOf({ ...good, TALLY_CONTEXT_KEY_FILE: open })).toEqual([expect.stringContaining('readable by group or others')]);
    expect(faultsOf({ ...good, TALLY_PROFILE: 'demo', TALLY_CONTEXT_KEY_FILE: open })).toEqual([]);
  });
  it('refuses a password inside a URL in production, not in a test', () => {
    const inside = { ...good, DATABASE_URL: 'postgresql://tally_app:hunter2@db/tally' };
    expect(faultsOf(inside)).toEqual(['DATABASE_URL: holds a password; secrets come as files']);
    expect(faultsOf({ ...inside, TALLY_PROFILE: 'test' })).toEqual([]);
  });
  it.each(['changeme', 'CHANGE_ME', 'secret', 'example', 'password', '0'.repeat(64), '<key>', 'your-secret-here'])(
    'refuses the placeholder %s in production', (placeholder) => {
      expect(faultsOf({ ...good, DATABASE_PASSWORD_FILE: secretFile(placeholder) })).toEqual(['DATABASE_PASSWORD_FILE: file holds a placeholder, not a secret']);
    });
});

/** What the operator of a hub makes once: passwords, context keys, and the keys that sign tokens, status lists and packages. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatePrivateJwk, keyIdOf, publicJwk, type PrivateJwk } from '#crypto';
import { DomainError } from '#kernel';

/** JWK sets of the token server: what it signs with, and what the hub verifies with. */
export function authKeySets(key: PrivateJwk): { readonly signing: object; readonly verifying: object } {
  const named = { ...publicJwk(key), kid: keyIdOf(key), alg: 'ES256', use: 'sig' };
  return { signing: { keys: [{ ...named, d: key.d }] }, verifying: { keys: [named] } };
}

/** What everybody pins of a hub. */
export function hubPublicFile(name: string, packageKey: PrivateJwk, statusKey: PrivateJwk): object {
  const entry = (use: string, key: PrivateJwk): object => ({ use, kid: keyIdOf(key), jwk: publicJwk(key) });
  return { subject: 'hub', name, officers: [], keys: [entry('package', packageKey), entry('status', statusKey)] };
}

export interface MadeSecrets {
  /** Names of the files, in the folder. */
  readonly secrets: readonly string[];
  readonly publicFile: string;
}

/**
 * Files under the names that docker/compose.yaml gives them, each of mode 0400, and `hub.public.json` for everybody.
 * @param holders how many databases of key-holders get a password, for a trial on one machine
 * @throws DomainError ALREADY_EXISTS when one of them is there: a key is never written over
 */
export function makeHubSecrets(folder: string, name: string, holders = 0): MadeSecrets {
  const [auth, packageKey, statusKey] = [generatePrivateJwk(), generatePrivateJwk(), generatePrivateJwk()] as const;
  const { signing, verifying } = authKeySets(auth);
  const databases = ['postgres', 'migrate', 'app', 'worker', 'auth', ...Array.from({ length: holders }, (_, i) => `keyholder-${i + 1}`)];
  const secrets: Readonly<Record<string, string>> = {
    ...Object.fromEntries(databases.map((role) => [`${role}-password`, randomBytes(32).toString('base64url')])),
    ...Object.fromEntries(['app-context-key', 'worker-context-key', 'webhook-key'].map((key) => [key, randomBytes(32).toString('hex')])),
    'auth-keys': JSON.stringify(signing), 'auth-jwks': JSON.stringify(verifying),
    'package-key': JSON.stringify(packageKey), 'status-key': JSON.stringify(statusKey), 'status-public-key': JSON.stringify(publicJwk(statusKey)),
  };
  const publicFile = path.join(folder, 'hub.public.json');
  const there = [...Object.keys(secrets).map((file) => path.join(folder, file)), publicFile].find(existsSync);
  if (there !== undefined) throw new DomainError('ALREADY_EXISTS', `${path.basename(there)} is there already`, { file: path.basename(there) });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [file, content] of Object.entries(secrets)) writeFileSync(path.join(folder, file), content, { mode: 0o400, flag: 'wx' });
  writeFileSync(publicFile, `${JSON.stringify(hubPublicFile(name, packageKey, statusKey), null, 2)}\n`, { flag: 'wx' });
  return { secrets: Object.keys(secrets).sort(), publicFile };
}

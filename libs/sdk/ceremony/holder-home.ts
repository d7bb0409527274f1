/**
 * A key-holder's home folder (0700), apart from any member's: holder.json, keys/evidence.jwk.json, public.json, trust.json (the other holders' keys,
 * pinned after comparing fingerprints), ceremonies/ and epochs/<epoch>/ with what the key-holder process is given: share.json (sealed), manifest.json,
 * manifest.previous.json while the generation before is answered, pins.json.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type EvidencePrivateJwk, keyFileSource, type KeySource, passphraseSource, type PinnedKey, publicPart, thumbprint } from '#crypto';
import { DomainError } from '#kernel';
import { generatePrivateJwk } from '../keys/key-pair.js';
import { readPrivateJwk } from '../keys/party-home.js';
import { readPrivateFile, writePrivateFile } from '../keys/private-file.js';
import { parsePublicFile, type PublicFile } from '../keys/public-file.js';
import { TrustStore } from '../trust/trust-store.js';

export interface HolderSettings {
  readonly v: 1;
  readonly federation: string;
  readonly id: string;
  readonly name: string;
  /** Where the passphrase or key lies that seals shares; never the secret itself. */
  readonly sealing: { readonly kind: 'passphrase' | 'key-file'; readonly file: string };
}

export interface HolderHome {
  readonly directory: string;
  readonly settings: HolderSettings;
  readonly trust: TrustStore;
  file(...parts: string[]): string;
  evidenceKey(): EvidencePrivateJwk;
  publicFile(): PublicFile;
  /** Opens and makes sealed files. @throws CONFIG_INVALID when the secret's file is missing, empty or open to others */
  keySource(): KeySource;
  /** Pinned evidence keys of a holder, one's own included; empty when there is none. */
  pinsOf(id: string): readonly PinnedKey[];
}

/** @throws ALREADY_EXISTS, BAD_INPUT, CONFIG_INVALID */
export function createHolderHome(directory: string, settings: Omit<HolderSettings, 'v'>): HolderHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  if (existsSync(file('holder.json'))) throw new DomainError('ALREADY_EXISTS', 'the folder holds a home already', { file: 'holder.json' });
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(settings.id)) throw new DomainError('BAD_INPUT', 'holder id', { option: '--holder-id' });
  const whole: HolderSettings = { v: 1, ...settings, sealing: { ...settings.sealing, file: path.resolve(settings.sealing.file) } };
  keySourceOf(whole);
  for (const folder of [directory, file('keys'), file('ceremonies'), file('epochs')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  const jwk = generatePrivateJwk();
  writePrivateFile(file('keys', 'evidence.jwk.json'), `${JSON.stringify({ kid: thumbprint(jwk), ...jwk }, null, 2)}\n`);
  const open = { subject: `holder:${whole.id}`, name: whole.name, keys: [{ use: 'evidence', kid: thumbprint(jwk), jwk: publicPart(jwk) }], officers: [] };
  writeFileSync(file('public.json'), `${JSON.stringify(open, null, 2)}\n`);
  writePrivateFile(file('trust.json'), '[]\n');
  writePrivateFile(file('holder.json'), `${JSON.stringify(whole, null, 2)}\n`);
  return openHolderHome(directory);
}

/** @throws CONFIG_INVALID when the folder is no holder's home */
export function openHolderHome(directory: string): HolderHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  const settings = settingsOf(file('holder.json'));
  const trust = new TrustStore(file('trust.json'));
  const evidenceKey = (): EvidencePrivateJwk => readPrivateJwk(file('keys', 'evidence.jwk.json'));
  return {
    directory, settings, trust, file, evidenceKey,
    publicFile: () => parsePublicFile(readJson(file('public.json'))),
    keySource: () => keySourceOf(settings),
    pinsOf: (id) => {
      const own = id === settings.id ? [{ owner: id, jwk: publicPart(evidenceKey()) }] : [];
      return [...own, ...trust.of(`holder:${id}`, 'evidence').map(({ jwk }) => ({ owner: id, jwk }))];
    },
  };
}

function settingsOf(file: string): HolderSettings {
  const settings = readJson(file) as Partial<HolderSettings> | null;
  const texts = [settings?.federation, settings?.id, settings?.name, settings?.sealing?.file];
  if (settings?.v !== 1 || !texts.every((text) => typeof text === 'string' && text !== '') || !['passphrase', 'key-file'].includes(settings.sealing?.kind ?? '')) {
    throw new DomainError('CONFIG_INVALID', 'holder.json', { file: 'holder.json' });
  }
  return settings as HolderSettings;
}

function keySourceOf({ sealing }: HolderSettings): KeySource {
  const secret = readPrivateFile(sealing.file, 'CONFIG_INVALID').toString('utf8').trim();
  return sealing.kind === 'passphrase' ? passphraseSource(secret) : keyFileSource(secret);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new DomainError('CONFIG_INVALID', 'home file missing or not JSON', { file: path.basename(file) });
  }
}

/**
 * A key-holder's home folder (0700), apart from any member's: holder.json, keys/evidence.jwk.json, public.json, trust.json (the other holders' keys,
 * pinned after comparing fingerprints), ceremonies/ and epochs/<epoch>/ with what the key-holder process is given: share.json (sealed), manifest.json,
 * manifest.previous.json while the generation before is answered, pins.json.
 */
import path from 'node:path';
import { keyFileSource, keyIdOf, type KeySource, passphraseSource, type PinnedKey, type PrivateJwk, publicJwk } from '#crypto';
import { DomainError } from '#kernel';
import { makeHomeFolders, readHomeJson, writeNewKey, writePublicFile } from '../keys/home-folder.js';
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
  evidenceKey(): PrivateJwk;
  publicFile(): PublicFile;
  /** Opens and makes sealed files. @throws CONFIG_INVALID when the secret's file is missing, empty or open to others */
  keySource(): KeySource;
  /** Pinned evidence keys of a holder, one's own included; empty when there is none. */
  pinsOf(id: string): readonly PinnedKey[];
}

/** @throws ALREADY_EXISTS, BAD_INPUT, CONFIG_INVALID */
export function createHolderHome(directory: string, settings: Omit<HolderSettings, 'v'>): HolderHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(settings.id)) throw new DomainError('BAD_INPUT', 'holder id', { option: '--holder-id' });
  const whole: HolderSettings = { v: 1, ...settings, sealing: { ...settings.sealing, file: path.resolve(settings.sealing.file) } };
  keySourceOf(whole);
  makeHomeFolders(directory, 'holder.json', ['keys', 'ceremonies', 'epochs']);
  const jwk = writeNewKey(file('keys', 'evidence.jwk.json'));
  const open = { subject: `holder:${whole.id}`, name: whole.name, keys: [{ use: 'evidence', kid: keyIdOf(jwk), jwk: publicJwk(jwk) }], officers: [] };
  writePublicFile(file('public.json'), open);
  writePrivateFile(file('trust.json'), '[]\n');
  writePrivateFile(file('holder.json'), `${JSON.stringify(whole, null, 2)}\n`);
  return openHolderHome(directory);
}

/** @throws CONFIG_INVALID when the folder is no holder's home */
export function openHolderHome(directory: string): HolderHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  const settings = settingsOf(file('holder.json'));
  const trust = new TrustStore(file('trust.json'));
  const evidenceKey = (): PrivateJwk => readPrivateJwk(file('keys', 'evidence.jwk.json'));
  return {
    directory, settings, trust, file, evidenceKey,
    publicFile: () => parsePublicFile(readHomeJson(file('public.json'))),
    keySource: () => keySourceOf(settings),
    pinsOf: (id) => {
      const own = id === settings.id ? [{ owner: id, jwk: publicJwk(evidenceKey()) }] : [];
      return [...own, ...trust.of(`holder:${id}`, 'evidence').map(({ jwk }) => ({ owner: id, jwk }))];
    },
  };
}

function settingsOf(file: string): HolderSettings {
  const settings = readHomeJson(file) as Partial<HolderSettings> | null;
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

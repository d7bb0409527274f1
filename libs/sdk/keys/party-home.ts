/**
 * A party's home folder (0700): party.json, keys/, officers/, public.json, trust.json, vault/, vault.key. `createHome`
 * makes it once; keys never leave it. Officers' keys lie in officers/ for convenience only: every command that needs
 * one takes --officer-key FILE, because a real officer keeps it elsewhere.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { keyIdOf, privateJwk, publicJwk, type PrivateJwk, type PublicJwk } from '#crypto';
import { DomainError, type KeyId, type PartyId } from '#kernel';
import { KEY_USES, type KeyUse } from '#protocol';
import { TrustStore } from '../trust/trust-store.js';
import { makeHomeFolders, readHomeJson, writeNewKey, writePublicFile } from './home-folder.js';
import { parsePartyFile, type PartyFile } from './party-file.js';
import { readPrivateFile, writePrivateFile } from './private-file.js';
import { parsePublicFile, type PublicFile } from './public-file.js';

export interface PartyHome {
  readonly directory: string;
  readonly party: PartyFile;
  readonly trust: TrustStore;
  file(...parts: string[]): string;
  /** @throws CONFIG_INVALID when the file is missing or readable by others */
  privateKey(use: KeyUse): PrivateJwk;
  publicFile(): PublicFile;
}

export interface NewParty extends Omit<PartyFile, 'partyId' | 'clientId'> {
  readonly partyId?: PartyId;
  /** Names of the officers to make keys for. */
  readonly officers: readonly string[];
}

/** @throws CONFIG_INVALID */
export function openHome(directory: string): PartyHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  return {
    directory,
    file,
    party: parsePartyFile(readHomeJson(file('party.json'))),
    trust: new TrustStore(file('trust.json')),
    privateKey: (use) => readPrivateJwk(file('keys', `${use}.jwk.json`)),
    publicFile: () => parsePublicFile(readHomeJson(file('public.json'))),
  };
}

/** @throws ALREADY_EXISTS when the folder holds a home; CONFIG_INVALID for faulty settings */
export function createHome(directory: string, { officers, ...settings }: NewParty): PartyHome {
  const file = (...parts: string[]): string => path.join(directory, ...parts);
  const partyId = settings.partyId ?? (randomUUID() as PartyId);
  const party = parsePartyFile({ ...settings, partyId, clientId: partyId });
  makeHomeFolders(directory, 'party.json', ['keys', 'officers']);
  const keys = KEY_USES.map((use) => ({ use, ...newKey(file('keys', `${use}.jwk.json`)) }));
  const people = officers.map((name) => {
    const id = randomUUID();
    return { id, name, ...newKey(file('officers', `${id}.jwk.json`), { officerId: id, name }) };
  });
  const { role, name, nameZh, contactDesk, jurisdiction } = party;
  const open = { partyId, role, name, nameZh, keys, officers: people, contactDesk: contactDesk ?? null, jurisdiction: jurisdiction ?? null };
  writePublicFile(file('public.json'), open);
  writePrivateFile(file('trust.json'), '[]\n');
  writePrivateFile(file('party.json'), `${JSON.stringify(party, null, 2)}\n`);
  return openHome(directory);
}

/** Changes addresses and how batches are evaluated; identity and keys stay. @throws CONFIG_INVALID */
export function changeAddresses(home: PartyHome, change: Partial<Pick<PartyFile, 'hubUrl' | 'authUrl' | 'keyHolders' | 'evaluation'>>): PartyHome {
  const party = parsePartyFile({ ...home.party, ...change });
  writePrivateFile(home.file('party.json'), `${JSON.stringify(party, null, 2)}\n`);
  return openHome(home.directory);
}

/** A key of the home, or an officer's from wherever the officer keeps it; what else the file says is left out. @throws CONFIG_INVALID */
export function readPrivateJwk(file: string): PrivateJwk {
  const bytes = readPrivateFile(file, 'CONFIG_INVALID');
  try {
    return privateJwk(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new DomainError('CONFIG_INVALID', 'not a private key file', { file: path.basename(file), reason: 'not a private key' });
  }
}

function newKey(file: string, more: object = {}): { kid: KeyId; jwk: PublicJwk } {
  const jwk = writeNewKey(file, more);
  return { kid: keyIdOf(jwk), jwk: publicJwk(jwk) };
}

/**
 * The share and the generations it answers for. Refuses to start unless the share fits the manifest (share*G = K_i), and in production refuses
 * whatever a dealer made (a dealer has seen the whole key) and whatever lies unsealed.
 */
import { statSync } from 'node:fs';
import {
  type Engine, fromBase64url, type HolderPins, isSealedSecret, keyFileSource, type KeySource, openSecret, passphraseSource, sameBytes, verifyManifest,
} from '#crypto';
import { DomainError, type Json } from '#kernel';
import type { Profile } from '#platform/config';
import { groupKeyOf, type Manifest, parseManifest, parseShareFile, SHARE_SEALED_AS, type ShareFile } from '#protocol';

export interface Generation {
  readonly number: number;
  readonly manifest: Manifest;
  readonly hash: Uint8Array;
  /** As it is served: JWS General JSON. */
  readonly jws: unknown;
}

export class KeyRefusedError extends DomainError {
  constructor(reason: string) {
    super('CONFIG_INVALID', `key material refused: ${reason}`, { reason });
  }
}

export interface ShareSource {
  /** Content of the share file: sealed, or plain for demonstrations and tests. */
  readonly share: string;
  readonly shareFile: string;
  /** What opens a sealed file: one of the two. */
  readonly sharePassphrase?: string;
  readonly shareKey?: string;
  readonly profile: Profile;
  readonly federationId: string;
}

/** One share file, opened: one epoch. @throws KeyRefusedError */
export async function readShare(source: ShareSource): Promise<ShareFile> {
  if ((statSync(source.shareFile).mode & 0o077) !== 0) throw new KeyRefusedError('the share file is open to group or others (chmod 600)');
  const file = parsed(source.share);
  let share: ShareFile;
  try {
    share = parseShareFile(isSealedSecret(file) ? (await openSecret(keySourceOf(source), file, SHARE_SEALED_AS)).secret : file);
  } catch (error) {
    throw error instanceof KeyRefusedError ? error : new KeyRefusedError(isSealedSecret(file) ? 'the sealed share file does not open' : 'the share file is not one');
  }
  if (source.profile === 'production' && share.origin === 'dealer') throw new KeyRefusedError('the share was made by a dealer');
  if (source.profile === 'production' && !isSealedSecret(file)) throw new KeyRefusedError('the share file is not sealed');
  if (share.federation !== source.federationId) throw new KeyRefusedError('the share is of another federation');
  return share;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new KeyRefusedError('the share file is not one');
  }
}

function keySourceOf({ sharePassphrase, shareKey }: ShareSource): KeySource {
  if (sharePassphrase !== undefined && shareKey === undefined) return passphraseSource(sharePassphrase);
  if (shareKey !== undefined && sharePassphrase === undefined) return keyFileSource(shareKey);
  throw new KeyRefusedError('a sealed share file needs TALLY_SHARE_PASSPHRASE_FILE or TALLY_SHARE_KEY_FILE, one of them');
}

export interface ReadGeneration {
  readonly share: ShareFile;
  readonly pins: HolderPins;
  readonly engine: Engine;
  readonly profile: Profile;
}

/** @throws DomainError for a manifest that does not stand, or whose K_i is not this holder's share */
export function readGeneration(jws: unknown, { share, pins, engine, profile }: ReadGeneration): Generation {
  const { manifest, hash } = verifyManifest({ jws, pins, engine, now: new Date(), parse: parseManifest, groupKeyOf });
  if (profile === 'production' && manifest.origin === 'dealer') throw new KeyRefusedError('the manifest was made by a dealer');
  if (manifest.federation !== share.federation || manifest.epoch !== share.epoch) throw new KeyRefusedError('manifest and share differ in federation or epoch');
  checkShareFits(engine, share, manifest);
  return { number: manifest.generation, manifest, hash, jws };
}

function checkShareFits(engine: Engine, share: ShareFile, manifest: Manifest): void {
  const mine = share.shares.find((entry) => entry.generation === manifest.generation);
  const holder = manifest.holders.find((entry) => entry.index === share.index);
  if (mine === undefined || holder === undefined || holder.id !== share.holderId) throw new KeyRefusedError('the manifest does not name this share');
  if (!sameBytes(engine.multiplyBase(fromBase64url(mine.secret)), fromBase64url(holder.publicKey))) throw new KeyRefusedError('share*G is not K_i');
}

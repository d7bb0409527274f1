/**
 * The share and the generations it answers for. Refuses to start unless the share fits the manifest (share*G = K_i), and
 * in production refuses whatever a dealer made: a dealer has seen the whole key.
 */
import { statSync } from 'node:fs';
import { type Engine, fromBase64url, type HolderPins, sameBytes, verifyManifest } from '#crypto';
import { DomainError, type Json } from '#kernel';
import type { Profile } from '#platform/config';
import { groupKeyOf, type Manifest, parseManifest, parseShareFile, type ShareFile } from '#protocol';

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
  readonly share: string;
  readonly shareFile: string;
  readonly profile: Profile;
  readonly federationId: string;
}

export function readShare(source: ShareSource): ShareFile {
  if ((statSync(source.shareFile).mode & 0o077) !== 0) throw new KeyRefusedError('the share file is open to group or others (chmod 600)');
  let share: ShareFile;
  try {
    share = parseShareFile(JSON.parse(source.share) as Json);
  } catch {
    throw new KeyRefusedError('the share file is not one');
  }
  if (source.profile === 'production' && share.origin === 'dealer') throw new KeyRefusedError('the share was made by a dealer');
  if (share.federation !== source.federationId) throw new KeyRefusedError('the share is of another federation');
  return share;
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

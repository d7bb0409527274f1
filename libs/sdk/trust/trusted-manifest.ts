/**
 * The key manifest as this party believes it: signed by a majority of the key-holders whose keys it has pinned (and, as
 * libs/crypto checks, by at least the manifest's own threshold), of this federation, in its time, and consistent.
 */
import { verifyManifest, type Engine } from '#crypto';
import { DomainError } from '#kernel';
import { groupKeyOf, parseManifest, type Manifest } from '#protocol';
import type { TrustStore } from './trust-store.js';

export interface TrustedManifest {
  readonly manifest: Manifest;
  /** What requests carry: 32 bytes. */
  readonly hash: Uint8Array;
  readonly holders: readonly { readonly index: number; readonly id: string; readonly publicKey: Uint8Array }[];
  /** As its signers gave it out: part of any evidence that rests on it. */
  readonly jws: unknown;
}

/** As it came from an address, named by its holder's id; not believed yet. */
export interface ServedManifest {
  readonly servedBy: string;
  readonly jws: unknown;
}

/**
 * @param federationId null takes any federation whose holders are pinned; `now` null leaves the validity alone: for evidence about the past
 * @throws KEY_NOT_TRUSTED with fewer than two pinned holders; SIGNATURE_INVALID; MANIFEST_INVALID
 */
export function trustManifest(jws: unknown, trust: TrustStore, federationId: string | null, engine: Engine, now: Date | null): TrustedManifest {
  const holders = trust.list().filter(({ subject }) => subject.startsWith('holder:')).map(({ subject, jwk }) => ({ owner: subject.slice('holder:'.length), jwk }));
  const owners = new Set(holders.map(({ owner }) => owner)).size;
  if (owners < 2) throw new DomainError('KEY_NOT_TRUSTED', 'fewer than two key-holders are pinned', { subject: 'holders', pinned: owners });
  const pins = { threshold: Math.floor(owners / 2) + 1, holders };
  const { manifest, hash } = verifyManifest({ jws, pins, engine, now, parse: parseManifest, groupKeyOf });
  if (federationId !== null && manifest.federation !== federationId) throw new DomainError('MANIFEST_INVALID', 'manifest of another federation', { check: 'federation' });
  const ids = new Map(manifest.holders.map(({ index, id }) => [index, id]));
  return { manifest, hash, jws, holders: groupKeyOf(manifest).holders.map(({ index, publicKey }) => ({ index, publicKey, id: ids.get(index)! })) };
}

export interface TrustedChoice {
  /** The newest generation of each epoch, the newest epoch first; at least one. */
  readonly epochs: readonly [TrustedManifest, ...TrustedManifest[]];
  /** Ids of the addresses that served a signed manifest which is not consistent. */
  readonly falselyServedBy: readonly string[];
}

/** Of those that stand. @throws what trustManifest() throws for the last, when none stands */
export function trustedEpochs(manifests: readonly ServedManifest[], trust: TrustStore, federationId: string, engine: Engine, now: Date): TrustedChoice {
  const found = new Map<number, TrustedManifest>();
  let fault: unknown = null;
  const falselyServedBy = new Set<string>();
  for (const [text, { jws }] of new Map(manifests.map((one) => [JSON.stringify(one.jws), one]))) {
    try {
      const trusted = trustManifest(jws, trust, federationId, engine, now);
      const { epoch, generation } = trusted.manifest;
      if (generation > (found.get(epoch)?.manifest.generation ?? -1)) found.set(epoch, trusted);
    } catch (error) {
      fault = error;
      if (isFalse(error)) for (const other of manifests) if (JSON.stringify(other.jws) === text) falselyServedBy.add(other.servedBy);
    }
  }
  const [newest, ...former] = [...found.values()].sort((a, b) => b.manifest.epoch - a.manifest.epoch);
  if (newest === undefined) throw fault ?? new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no manifest');
  return { epochs: [newest, ...former], falselyServedBy: [...falselyServedBy] };
}

/** Its signatures count, and its key does not add up. One that is unsigned, early or late may be honest: pins and clocks differ. */
function isFalse(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'MANIFEST_INVALID' && error.fields.check !== 'validity';
}

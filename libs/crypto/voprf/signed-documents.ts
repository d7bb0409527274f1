/**
 * Manifest and roster as their readers accept them (docs/protocol/documents.md): signed by at least t pinned holders, in their time, and
 * for the manifest with a group key that adds up. The JSON shape is the wire's affair: the caller passes its parser.
 */
import { DomainError, type Json } from '#kernel';
import { sha256 } from '../bytes.js';
import { ManifestInvalidError } from '../crypto.errors.js';
import { type PinnedKey, verifyGeneralJws } from '../jws/general-jws.js';
import { publicJwk } from '../jwk.js';
import type { Engine } from './engine.js';
import { checkGroupKey, type GroupKeyFacts } from './shamir.js';
import { SUITE_NAME } from './suite.js';

export const MANIFEST_TYP = 'tally-manifest+1';
export const ROSTER_TYP = 'tally-roster+1';
export const EPOCH_STOP_TYP = 'tally-epoch-stop+1';

/** The holders whose word counts, pinned out of band, and how many of them are needed. */
export interface HolderPins {
  readonly threshold: number;
  readonly holders: readonly PinnedKey[];
}

/** A pins file: { threshold, holders: [{ owner, jwk }] }. @throws DomainError BAD_INPUT */
export function parseHolderPins(value: unknown): HolderPins {
  const { threshold, holders } = (value ?? {}) as Partial<Record<keyof HolderPins, unknown>>;
  if (!Number.isInteger(threshold) || (threshold as number) < 1 || !Array.isArray(holders) || holders.length < (threshold as number)) throw new DomainError('BAD_INPUT', 'not a file of pinned key-holders', { document: 'pins' });
  return {
    threshold: threshold as number,
    holders: (holders as readonly unknown[]).map((holder) => {
      const { owner, jwk } = (holder ?? {}) as Partial<Record<keyof PinnedKey, unknown>>;
      if (typeof owner !== 'string' || owner === '') throw new DomainError('BAD_INPUT', 'not a file of pinned key-holders', { document: 'pins' });
      return { owner, jwk: publicJwk(jwk) };
    }),
  };
}

export interface ManifestFacts {
  readonly suite: string;
  readonly validFrom: string;
  readonly validUntil: string;
}

export interface VerifiedManifest<M> {
  readonly manifest: M;
  /** SHA-256 of the canonical payload, without signatures: what requests carry. */
  readonly hash: Uint8Array;
  readonly owners: readonly string[];
}

export interface ReadManifest<M> {
  readonly jws: unknown;
  readonly pins: HolderPins;
  readonly engine: Engine;
  /** null leaves the validity alone (a tool that looks at an old manifest). */
  readonly now: Date | null;
  readonly parse: (payload: Json) => M;
  readonly groupKeyOf: (manifest: M) => GroupKeyFacts;
}

/** @throws SignatureInvalidError, ManifestInvalidError */
export function verifyManifest<M extends ManifestFacts>(input: ReadManifest<M>): VerifiedManifest<M> {
  const { jws, pins, engine, now } = input;
  const verified = verifyGeneralJws(jws, { typ: MANIFEST_TYP, pins: pins.holders, threshold: pins.threshold });
  const manifest = input.parse(verified.payload);
  const key = input.groupKeyOf(manifest);
  if (manifest.suite !== SUITE_NAME) throw new ManifestInvalidError('suite');
  if (verified.owners.length < key.threshold) throw new ManifestInvalidError('signed by fewer than its own threshold');
  checkValidity(manifest, now);
  checkGroupKey(engine, key);
  return { manifest, hash: manifestHash(verified.payloadBytes), owners: verified.owners };
}

/** SHA-256 of the canonical payload: what requests carry. */
export function manifestHash(canonicalPayload: Uint8Array): Uint8Array {
  return sha256(canonicalPayload);
}

export interface ReadRoster<R> {
  readonly jws: unknown;
  readonly pins: HolderPins;
  readonly now: Date | null;
  readonly parse: (payload: Json) => R;
}

/** @throws SignatureInvalidError, ManifestInvalidError */
export function verifyRoster<R extends { readonly validFrom: string; readonly validUntil: string }>(input: ReadRoster<R>): R {
  const verified = verifyGeneralJws(input.jws, { typ: ROSTER_TYP, pins: input.pins.holders, threshold: input.pins.threshold });
  const roster = input.parse(verified.payload);
  checkValidity(roster, input.now);
  return roster;
}

/**
 * The end of an epoch at once (docs/protocol/epochs.md). Has no validity of its own: an epoch that was stopped stays so.
 * @throws SignatureInvalidError
 */
export function verifyEpochStop<S>(input: { readonly jws: unknown; readonly pins: HolderPins; readonly parse: (payload: Json) => S }): { readonly stop: S; readonly hash: Uint8Array } {
  const verified = verifyGeneralJws(input.jws, { typ: EPOCH_STOP_TYP, pins: input.pins.holders, threshold: input.pins.threshold });
  return { stop: input.parse(verified.payload), hash: manifestHash(verified.payloadBytes) };
}

function checkValidity(document: { readonly validFrom: string; readonly validUntil: string }, now: Date | null): void {
  if (now === null) return;
  if (!(Date.parse(document.validFrom) <= now.getTime() && now.getTime() < Date.parse(document.validUntil))) throw new ManifestInvalidError('validity');
}

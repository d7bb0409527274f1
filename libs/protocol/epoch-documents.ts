/**
 * Documents about epochs (docs/protocol/epochs.md). The stop is signed by the key-holders: it ends an epoch at once, at every holder
 * and at the hub. The announcement and the order to stop are statements of a coordinator's officer, which bind the hub's register to
 * what the holders signed. Parsed strictly: nothing signed is silently ignored.
 */
import { DomainError, type Json } from '#kernel';

export const EPOCH_ANNOUNCE_TYP = 'tally-epoch-announce+1';
export const EPOCH_STOP_ORDER_TYP = 'tally-epoch-stop-order+1';
/** Days in which two epochs stand side by side, unless the announcement says otherwise. */
export const EPOCH_OVERLAP_DAYS = 30;
export const EPOCH_OVERLAP_DAYS_MAX = 90;
const EPOCH_MAX = 0xffff_ffff;

/** Payload of a JWS General JSON with typ `tally-epoch-stop+1`, signed by at least t holders. There is no way back. */
export interface EpochStop {
  readonly v: 1;
  readonly federation: string;
  readonly epoch: number;
  /** RFC 3339 in UTC: when the holders decided. It counts from the moment it is seen. */
  readonly stoppedAt: string;
}

/** An officer's statement: this manifest's epoch is the network's, and the ones before it end so many days from now. */
export interface EpochAct {
  readonly v: 1;
  readonly federation: string;
  readonly epoch: number;
  /** SHA-256 (base64url) of the canonical payload of the manifest or of the stop that goes with it. */
  readonly digest: string;
  /** 0 for a stop. */
  readonly overlapDays: number;
  readonly time: string;
}

/** @throws DomainError MANIFEST_INVALID */
export function parseEpochStop(json: Json): EpochStop {
  const stop = membersOf(json, ['v', 'federation', 'epoch', 'stoppedAt']);
  need(stop['v'] === 1 && isEpoch(stop['epoch']) && isText(stop['federation']) && isInstant(stop['stoppedAt']), 'epoch stop');
  return json as unknown as EpochStop;
}

/** @throws DomainError MANIFEST_INVALID */
export function parseEpochAct(json: Json): EpochAct {
  const act = membersOf(json, ['v', 'federation', 'epoch', 'digest', 'overlapDays', 'time']);
  need(act['v'] === 1 && isEpoch(act['epoch']) && isText(act['federation']) && isInstant(act['time']), 'epoch act');
  need(typeof act['digest'] === 'string' && /^[A-Za-z0-9_-]{43}$/.test(act['digest']), 'digest');
  const days = act['overlapDays'];
  need(typeof days === 'number' && Number.isInteger(days) && days >= 0 && days <= EPOCH_OVERLAP_DAYS_MAX, 'overlapDays');
  return json as unknown as EpochAct;
}

function membersOf(json: Json, names: readonly string[]): Readonly<Record<string, Json>> {
  need(typeof json === 'object' && json !== null && !Array.isArray(json), 'shape');
  need(Object.keys(json as object).sort().join() === [...names].sort().join(), 'members');
  return json as Readonly<Record<string, Json>>;
}
function isEpoch(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= EPOCH_MAX;
}
function isText(value: Json | undefined): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= 200;
}
function isInstant(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString() === value;
}
function need(good: boolean, field: string): void {
  if (!good) throw new DomainError('MANIFEST_INVALID', `epoch document: ${field}`, { document: 'epoch', field });
}

/** What is recorded, and the commitment that the transparency log will hold instead of it (docs/threat-model.md). */
import { createHmac } from 'node:crypto';
import { canonicalBytes, canonicalJson, type Json } from '#kernel';

/** Ids, counts, codes and digests; never a value, a token, a key or another member's name. */
export interface AuditEvent {
  /** Word and verb: 'clues.published'. */
  readonly kind: string;
  readonly [field: string]: Json;
}

/** Position in a party's own history; `previous` is null for the first entry. */
export interface Position {
  readonly seq: number;
  readonly previous: Uint8Array | null;
}

export interface Entry extends Position {
  /** RFC 8785 text; with `r` it opens the commitment. */
  readonly event: string;
  /** 32 random bytes. */
  readonly r: Uint8Array;
  /** 33 bytes: 0x01 | HMAC-SHA-256(r, event). */
  readonly commitment: Uint8Array;
}

const PRIVATE_KIND = 0x01;

/** The event as recorded carries its own sequence and the previous commitment, so that a party sees gaps in its history. */
export function entryOf(event: AuditEvent, position: Position, at: Date, r: Uint8Array): Entry {
  const whole: Json = {
    ...event, at: at.toISOString(), seq: position.seq,
    previous: position.previous === null ? null : Buffer.from(position.previous).toString('base64url'),
  };
  return { ...position, event: canonicalJson(whole), r, commitment: commitmentOf(r, canonicalBytes(whole)) };
}

/** @param r 32 fresh bytes, known to the party alone @returns kind byte, then HMAC-SHA-256(r, event): 33 bytes */
export function commitmentOf(r: Uint8Array, event: Uint8Array): Uint8Array {
  if (r.length !== 32) throw new TypeError('r has 32 bytes');
  return Buffer.concat([Buffer.from([PRIVATE_KIND]), createHmac('sha256', r).update(event).digest()]);
}

/** True when the entries are a party's whole history from the first on: no gap, no change, each opening its commitment. */
export function isUnbroken(entries: readonly Entry[]): boolean {
  return entries.every((entry, index) => {
    const before = entries[index - 1];
    const follows = entry.seq === index + 1 && same(entry.previous, before?.commitment ?? null);
    return follows && same(entry.commitment, commitmentOf(entry.r, Buffer.from(entry.event, 'utf8')));
  });
}

function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0;
}

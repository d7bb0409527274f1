/**
 * Signs who acts in a transaction, so that an SQL injection cannot choose a member: the policies believe only a context
 * with a MAC under this process's key, bound to this backend and this transaction, and at most five seconds old
 * (docs/threat-model.md). That is all it stops: whoever holds the key file is the application.
 */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PartyId } from '#kernel';

export type ActorRole = 'member' | 'coordinator' | 'liaison' | 'auditor';

/** Who acts, from the verified token or, in the worker, from the job. */
export interface Actor {
  readonly partyId: PartyId;
  readonly role: ActorRole;
  readonly clientId: string;
  /** Purpose of a query or disclosure; null where none is asked. */
  readonly purpose: string | null;
}

/** What PostgreSQL itself says about the open transaction. */
export interface TransactionIdentity {
  readonly pid: number;
  readonly xid: string;
  /** The server's clock, so that clocks of two machines need not agree. */
  readonly nowMs: number;
}

export const CONTEXT_TTL_MS = 5_000;
const KEY_BYTES = 32;

export class ContextSigner {
  constructor(private readonly key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new TypeError(`a context key has ${KEY_BYTES} bytes`);
  }

  /** The key file holds 64 hexadecimal digits. */
  static fromFile(file: string): ContextSigner {
    return new ContextSigner(parseContextKey(readFileSync(file, 'utf8')));
  }

  /** Value of the setting `tally.context`: 64 hex digits of HMAC-SHA-256, a dot, the JSON payload. */
  sign(actor: Actor, transaction: TransactionIdentity): string {
    const payload = JSON.stringify({
      party: actor.partyId, role: actor.role, client: actor.clientId, purpose: actor.purpose,
      pid: transaction.pid, xid: transaction.xid, exp: Math.floor(transaction.nowMs) + CONTEXT_TTL_MS,
    });
    return `${createHmac('sha256', this.key).update(payload, 'utf8').digest('hex')}.${payload}`;
  }
}

/** @returns 32 bytes @throws TypeError for anything but 64 hexadecimal digits */
export function parseContextKey(text: string): Buffer {
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError('a context key file holds 64 hexadecimal digits');
  return Buffer.from(hex, 'hex');
}

/** The two blocks of HMAC (RFC 2104), stored instead of the key: PostgreSQL has sha256() built in, but no HMAC. */
export function contextPads(key: Uint8Array): { readonly inner: Buffer; readonly outer: Buffer } {
  const block = Buffer.alloc(64);
  Buffer.from(key.length > 64 ? createHash('sha256').update(key).digest() : key).copy(block);
  return { inner: Buffer.from(block.map((byte) => byte ^ 0x36)), outer: Buffer.from(block.map((byte) => byte ^ 0x5c)) };
}

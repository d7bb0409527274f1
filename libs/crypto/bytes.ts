/** Byte work shared by the room: concatenation, length prefixes, comparison, base64url without laxness. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { CryptoInputError } from './crypto.errors.js';

const UTF8 = new TextEncoder();

/** UTF-8 of text that has one. @throws CryptoInputError for lone surrogates */
export function utf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new CryptoInputError('text is not well-formed Unicode');
  return UTF8.encode(text);
}

/** One array of all parts, in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

/** Two bytes big-endian length, then the bytes: lp() of docs/protocol/derivations.md and of RFC 9497. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0xffff) throw new CryptoInputError('length prefix is two bytes');
  return concat(u16(bytes.length), bytes);
}

/** Two bytes, big-endian. */
export function u16(n: number): Uint8Array {
  return Uint8Array.of(n >>> 8, n & 255);
}

/** Four bytes, big-endian. */
export function u32(n: number): Uint8Array {
  return Uint8Array.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

/** 32 bytes (FIPS 180-4). */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** Constant-time for equal lengths; lengths are public. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Order of bytes: negative, 0 or positive. Not constant-time. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** True when every byte is 0; looks at all of them. */
export function isZero(bytes: Uint8Array): boolean {
  let bits = 0;
  for (const byte of bytes) bits |= byte;
  return bits === 0;
}

/** Unpadded base64url (RFC 4648 5). */
export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/** @throws CryptoInputError unless the text is the one canonical, unpadded base64url spelling of its bytes. */
export function fromBase64url(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new CryptoInputError('not canonical base64url');
  return new Uint8Array(bytes);
}

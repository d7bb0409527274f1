/**
 * JWS General JSON (RFC 7515 7.2.1) over a JCS payload, narrowed to what the network uses: ES256, a `typ` of its own for
 * each kind of document, `kid` = thumbprint, header and payload in canonical form, no other header. What is not exactly
 * that is refused before any signature is checked. Signatures by unknown keys are ignored, never counted.
 */
import type { KeyObject } from 'node:crypto';
import { canonicalBytes, canonicalJson, type Json, type KeyId } from '#kernel';
import { fromBase64url, sameBytes, toBase64url } from '../bytes.js';
import { SignatureInvalidError } from '../crypto.errors.js';
import type { PublicJwk } from '../jwk.js';
import { signBytes, type Signer, signingInput, type Verifier, verifierOf, verifyBytes } from './evidence-key.js';

export interface GeneralJws {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

/** A key trusted for one kind of document. Two keys of one owner count once. */
export interface PinnedKey {
  readonly owner: string;
  readonly jwk: PublicJwk;
}

export interface VerifiedJws {
  readonly payload: Json;
  readonly payloadBytes: Uint8Array;
  /** Distinct owners whose signature stands. */
  readonly owners: readonly string[];
}

const SIGNATURES_MAX = 32;

/** base64url of the one header there is: alg, kid, typ in canonical form. */
export function protectedHeader(typ: string, kid: KeyId): string {
  return toBase64url(canonicalBytes({ alg: 'ES256', kid, typ }));
}

/** One signature a signer over JCS(payload). */
export function signGeneralJws(document: { readonly typ: string; readonly payload: Json; readonly signers: readonly Signer[] }): GeneralJws {
  const payload = toBase64url(canonicalBytes(document.payload));
  return {
    payload,
    signatures: document.signers.map((signer) => {
      const header = protectedHeader(document.typ, signer.kid);
      return { protected: header, signature: toBase64url(signBytes(signer, signingInput(header, payload))) };
    }),
  };
}

/** Adds one more signature over the same payload bytes: how holders sign one after the other. */
export function addSignature(jws: GeneralJws, typ: string, signer: Signer): GeneralJws {
  const header = protectedHeader(typ, signer.kid);
  const signature = toBase64url(signBytes(signer, signingInput(header, jws.payload)));
  return { payload: jws.payload, signatures: [...jws.signatures, { protected: header, signature }] };
}

/** Signatures that were made apart over the same payload, in the order given; one of each key. @throws SignatureInvalidError for different payloads */
export function mergeSignatures(parts: readonly unknown[]): GeneralJws {
  const documents = parts.map(readGeneralJws);
  const [first] = documents;
  if (first === undefined || documents.some(({ payload }) => payload !== first.payload)) throw new SignatureInvalidError('signatures over different payloads');
  const byKey = new Map(documents.flatMap(({ signatures }) => signatures.map((entry) => [entry.protected, entry] as const)).reverse());
  return { payload: first.payload, signatures: [...byKey.values()].reverse() };
}

/**
 * @param threshold how many distinct owners must have signed
 * @throws SignatureInvalidError for a wrong shape, typ or too few signatures
 */
export function verifyGeneralJws(
  jws: unknown, expected: { readonly typ: string; readonly pins: readonly PinnedKey[]; readonly threshold: number },
): VerifiedJws {
  if (!Number.isInteger(expected.threshold) || expected.threshold < 1) throw new SignatureInvalidError('threshold');
  const { payload, signatures } = readGeneralJws(jws);
  const keys = new Map<string, { owner: string; key: KeyObject }>();
  for (const { owner, jwk } of expected.pins) {
    const { kid, publicKey } = verifierOf(jwk);
    keys.set(kid, { owner, key: publicKey });
  }
  const owners = new Set<string>();
  for (const entry of signatures) {
    const header = readHeader(entry.protected, expected.typ);
    const known = keys.get(header.kid);
    if (known === undefined) continue;
    const stands = verifyBytes(known.key, signingInput(entry.protected, payload), decode(entry.signature));
    if (!stands) throw new SignatureInvalidError('signature does not hold');
    owners.add(known.owner);
  }
  if (owners.size < expected.threshold) throw new SignatureInvalidError('too few signatures of pinned keys');
  const payloadBytes = decode(payload);
  return { payload: readCanonical(payloadBytes), payloadBytes, owners: [...owners] };
}

/** The shape only: a payload, and signatures with nothing beside them; no signature is checked. @throws SignatureInvalidError */
export function readGeneralJws(jws: unknown): GeneralJws {
  const candidate = jws as Partial<GeneralJws> | null;
  if (typeof candidate !== 'object' || candidate === null || typeof candidate.payload !== 'string') throw new SignatureInvalidError('not a JWS');
  const { signatures } = candidate;
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > SIGNATURES_MAX) throw new SignatureInvalidError('signatures');
  for (const entry of signatures as readonly unknown[]) {
    const keys = typeof entry === 'object' && entry !== null ? Object.keys(entry).sort().join() : '';
    if (keys !== 'protected,signature') throw new SignatureInvalidError('unprotected header');
  }
  return candidate as GeneralJws;
}

function readHeader(encoded: unknown, typ: string): { kid: string } {
  if (typeof encoded !== 'string') throw new SignatureInvalidError('header');
  const header = readCanonical(decode(encoded)) as Record<string, unknown>;
  if (Object.keys(header).sort().join() !== 'alg,kid,typ' || header['alg'] !== 'ES256') throw new SignatureInvalidError('header');
  if (header['typ'] !== typ) throw new SignatureInvalidError('typ');
  if (typeof header['kid'] !== 'string') throw new SignatureInvalidError('kid');
  return { kid: header['kid'] };
}

function decode(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw new SignatureInvalidError('not base64url');
  try {
    return fromBase64url(text);
  } catch {
    throw new SignatureInvalidError('not base64url');
  }
}

/** Parses, and refuses any other spelling than the canonical one (duplicate keys, spaces, number forms). */
function readCanonical(bytes: Uint8Array): Json {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text) as Json;
    if (typeof value === 'object' && value !== null && sameBytes(new TextEncoder().encode(canonicalJson(value)), bytes)) return value;
  } catch {
    // falls through to the one refusal
  }
  throw new SignatureInvalidError('not canonical JSON');
}

/** A JWS whose header and payload do not travel: the reader rebuilds both, only the 64 bytes are sent. */
export function signDetached(typ: string, payload: Json, signer: Signer): Uint8Array {
  return signBytes(signer, signingInput(protectedHeader(typ, signer.kid), toBase64url(canonicalBytes(payload))));
}

/** @param signature of signDetached, 64 bytes @returns false when it does not hold */
export function verifyDetached(typ: string, payload: Json, key: Verifier, signature: Uint8Array): boolean {
  return verifyBytes(key.publicKey, signingInput(protectedHeader(typ, key.kid), toBase64url(canonicalBytes(payload))), signature);
}

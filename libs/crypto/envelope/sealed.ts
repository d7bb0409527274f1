/**
 * Sealing to a liaison's pinned keys: JWE General JSON (RFC 7516 7.2.1), A256GCM, ECDH-ES+A256KW, P-256. Algorithms are
 * fixed, and every outer header is either compared with what we write or ignored: it is attacker-controlled and decides
 * nothing. The plaintext is JSON text padded with spaces to a size class, so that a ciphertext's length tells its class only.
 */
import { DomainError, canonicalJson, type Json } from '#kernel';
import { GeneralEncrypt, base64url, generalDecrypt, type GeneralJWE } from 'jose';
import { keyIdOf, privateJwk, publicJwk, type PrivateJwk, type PublicJwk } from '../jwk.js';
import { importFor } from './import-key.js';

/** A JWE in General JSON serialisation; its canonical text (RFC 8785) is what is hashed, stored and sent. */
export type SealedJson = { readonly protected: string; readonly recipients: readonly Json[]; readonly iv: string; readonly ciphertext: string; readonly tag: string };

const ALG = 'ECDH-ES+A256KW';
const ENC = 'A256GCM';
const MAX_RECIPIENTS = 8;
const B64 = /^[A-Za-z0-9_-]+$/;

/** Powers of two from 4 KiB to 2 MiB, and one last class that still fits a 4 MiB request. */
export const SIZE_CLASSES: readonly number[] = [...Array.from({ length: 10 }, (_, i) => 4096 << i), 3_000_000];

/**
 * Encrypts JSON text to every recipient.
 * @throws DomainError PAYLOAD_TOO_LARGE above the last size class.
 */
export async function sealJson(text: string, recipients: readonly PublicJwk[]): Promise<SealedJson> {
  if (recipients.length < 1 || recipients.length > MAX_RECIPIENTS) throw new DomainError('BAD_INPUT', 'between one and eight recipient keys');
  const jwe = new GeneralEncrypt(padded(text)).setProtectedHeader({ enc: ENC });
  for (const recipient of recipients) {
    const jwk = publicJwk(recipient);
    jwe.addRecipient(await importFor(jwk, ALG)).setUnprotectedHeader({ alg: ALG, kid: keyIdOf(jwk) });
  }
  const sealed = await jwe.encrypt();
  return JSON.parse(JSON.stringify(sealed)) as SealedJson;
}

/**
 * Decrypts with one's own key.
 * @throws DomainError PACKAGE_INVALID for a malformed JWE, KEY_NOT_TRUSTED when it is not sealed to this key (or was changed: GCM does not tell).
 */
export async function openJson(sealed: unknown, key: PrivateJwk): Promise<string> {
  const jwe = sealedJson(sealed);
  const own = privateJwk(key);
  try {
    const { plaintext } = await generalDecrypt(jwe as unknown as GeneralJWE, await importFor(own, ALG), {
      keyManagementAlgorithms: [ALG], contentEncryptionAlgorithms: [ENC],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext).trimEnd();
  } catch (cause) {
    throw new DomainError('KEY_NOT_TRUSTED', 'not sealed to this key, or changed on the way', {}, { cause });
  }
}

/**
 * Shape of a JWE without opening it: what the hub may know of a contribution.
 * @throws DomainError PACKAGE_INVALID unless it has exactly our members, our algorithms and a ciphertext of a size class.
 */
export function sealedJson(value: unknown): SealedJson {
  const jwe = (value ?? {}) as Record<string, unknown>;
  const texts = [jwe['protected'], jwe['iv'], jwe['ciphertext'], jwe['tag']];
  const { recipients } = jwe;
  if (Object.keys(jwe).sort().join() !== 'ciphertext,iv,protected,recipients,tag' || !texts.every(isBase64url)) throw invalid('members');
  if (!Array.isArray(recipients) || recipients.length < 1 || recipients.length > MAX_RECIPIENTS) throw invalid('recipients');
  const header = parseHeader(jwe['protected'] as string);
  if (header['enc'] !== ENC || Object.keys(header).some((name) => name !== 'enc' && name !== 'epk')) throw invalid('protected header');
  for (const recipient of recipients) assertRecipient(recipient);
  if (!SIZE_CLASSES.includes(Math.floor(((jwe['ciphertext'] as string).length * 3) / 4))) throw invalid('size class');
  return jwe as unknown as SealedJson;
}

/** What is hashed, stored and sent: RFC 8785 text of the JWE. */
export function sealedText(sealed: SealedJson): string {
  return canonicalJson(sealed as unknown as Json);
}

function padded(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const size = SIZE_CLASSES.find((one) => one >= bytes.length);
  if (size === undefined) throw new DomainError('PAYLOAD_TOO_LARGE', 'content is above the last size class', { limit: SIZE_CLASSES.at(-1)! });
  const out = new Uint8Array(size).fill(0x20);
  out.set(bytes);
  return out;
}

function assertRecipient(value: unknown): void {
  const recipient = (value ?? {}) as { header?: Record<string, unknown>; encrypted_key?: unknown };
  const header = recipient.header ?? {};
  const known = Object.keys(header).every((name) => name === 'alg' || name === 'kid' || name === 'epk');
  if (Object.keys(recipient).sort().join() !== 'encrypted_key,header' || !known || header['alg'] !== ALG || !isBase64url(recipient.encrypted_key)) throw invalid('recipient');
}

function parseHeader(text: string): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(text))) as Record<string, unknown>;
  } catch (cause) {
    throw invalid('protected header', cause);
  }
}

function isBase64url(value: unknown): value is string {
  return typeof value === 'string' && B64.test(value);
}

function invalid(what: string, cause?: unknown): DomainError {
  return new DomainError('PACKAGE_INVALID', `sealed JSON: ${what}`, {}, { cause });
}

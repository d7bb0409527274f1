/**
 * Binds sealed contributions under one envelope. Pure but for the randomness of sealing: two runs give two different texts of the
 * same package, which is why the effect row, not the text, makes it happen once.
 */
import { keyIdOf, sealEnvelope, sha256Hex, type PrivateJwk, type PublicJwk, type SealedJson } from '#crypto';
import { DomainError, canonicalJson, type Json } from '#kernel';
import { parseEnvelope, type EnvelopePayload } from '#protocol';

export interface SealedPart { readonly id: string; readonly ciphertext: string }
export interface BoundPackage { readonly content: Uint8Array; readonly digest: string }

/**
 * @param payload RFC 8785 text, as approved
 * @throws DomainError DIGEST_MISMATCH when a part is not what was approved
 */
export async function bindPackage(payload: string, parts: readonly SealedPart[], hubKey: PrivateJwk, recipientKeys: readonly PublicJwk[]): Promise<BoundPackage> {
  const envelope = parseEnvelope(JSON.parse(payload));
  assertParts(envelope, parts);
  assertRecipients(envelope, recipientKeys);
  const sealed = await sealEnvelope(envelope as unknown as Json, hubKey, recipientKeys);
  const rest = {
    v: 1, id: envelope.id, supersedes: envelope.supersedes, envelope: sealed as unknown as Json,
    contributions: parts.map((part) => ({ id: part.id, jwe: JSON.parse(part.ciphertext) as SealedJson })), blobs: [],
  } as unknown as Record<string, Json>;
  const digest = sha256Hex(canonicalJson(rest));
  return { content: new TextEncoder().encode(canonicalJson({ ...rest, digest })), digest };
}

function assertParts(envelope: EnvelopePayload, parts: readonly SealedPart[]): void {
  const same = envelope.contributions.length === parts.length && envelope.contributions.every((line, index) => {
    const part = parts[index]!;
    return line.id === part.id && line.size === Buffer.byteLength(part.ciphertext) && line.sha256 === sha256Hex(part.ciphertext);
  });
  if (!same) throw new DomainError('DIGEST_MISMATCH', 'contributions differ from what was approved');
}

/** The keys come from the directory; they must be the approved ones by their thumbprints. */
function assertRecipients(envelope: EnvelopePayload, keys: readonly PublicJwk[]): void {
  const thumbprints = keys.map(keyIdOf);
  const approved = envelope.recipients.map((one) => one.key);
  if (canonicalJson([...thumbprints].sort()) !== canonicalJson([...approved].sort())) throw new DomainError('KEY_NOT_TRUSTED', 'recipient keys differ from what was approved');
}

/**
 * The liaison's verifier: opens and verifies a package from its bytes and the pinned keys alone, without the hub. Nothing is
 * written before all of it verified. The order matters: bytes, hub's signature, who it is for, what was delivered together,
 * who approved, and only then each contribution with its own member's pinned keys.
 */
import { createHash } from 'node:crypto';
import { approvalDigest, keyIdOf, openContribution, openEnvelope, publicJwk, sha256Hex, unverifiedPayload, verifyContribution, verifyWithPins, type PrivateJwk,
  type SignedContribution } from '#crypto';
import { DomainError, canonicalJson, isDomainError, type Json } from '#kernel';
import { isWeaker, parseApproval, parseContribution, parseEnvelope, parsePackage, parseProposal, type CasePackage, type ContributionPayload, type EnvelopePayload } from '#protocol';
import { partySubject, type TrustedKeys } from './pins.js';

export interface VerifiedContribution {
  readonly payload: ContributionPayload;
  readonly signed: SignedContribution;
  readonly memberName: { readonly name: string; readonly nameZh: string };
  readonly evidenceKid: string;
  readonly officerKid: string;
  readonly officerName: string;
}
export interface VerifiedApproval { readonly kid: string; readonly name: string; readonly side: 'LEAD' | 'COORDINATOR'; readonly time: string }
export interface VerifiedPackage {
  readonly digest: string;
  readonly envelope: EnvelopePayload;
  readonly envelopeJws: string;
  readonly source: CasePackage;
  readonly approvals: readonly VerifiedApproval[];
  readonly contributions: readonly VerifiedContribution[];
}
export interface Verifier {
  /** The liaison's own party id and seal key. */
  readonly agency: string;
  readonly sealKey: PrivateJwk;
  readonly trusted: TrustedKeys;
}

/** 100 contributions of the largest class, in base64url. */
export const MAX_PACKAGE = 512 * 1024 * 1024;

/**
 * @throws DomainError PACKAGE_INVALID, DIGEST_MISMATCH, KEY_NOT_TRUSTED, SIGNATURE_INVALID, FOUR_EYES_REQUIRED, HANDLING_TOO_WEAK
 */
export async function verifyPackage(bytes: Uint8Array, verifier: Verifier): Promise<VerifiedPackage> {
  const source = parseBytes(bytes);
  const envelopeJws = await openEnvelope(source.envelope, verifier.sealKey);
  const statement = await verifyWithPins('tally-package+1', envelopeJws, verifier.trusted.keysOf('hub', 'package'));
  const envelope = parseEnvelope(statement.payload);
  await assertAddressed(envelope, source, verifier);
  assertDelivered(envelope, source);
  const approvals = envelope.kind === 'CASE' ? await verifyApprovals(envelope, verifier.trusted) : [];
  const contributions: VerifiedContribution[] = [];
  for (const [index, part] of source.contributions.entries()) contributions.push(await verifyPart(envelope, index, part.jwe, verifier));
  return { digest: source.digest, envelope, envelopeJws, source, approvals, contributions };
}

/** SHA-256(opening, receipt id), hex: shows a contributor that its part was decrypted (docs/packages.md). */
export function openingProof(opening: string, receiptId: string): string {
  return createHash('sha256').update(Buffer.from(opening, 'base64url')).update(receiptId, 'utf8').digest('hex');
}

function parseBytes(bytes: Uint8Array): CasePackage {
  if (bytes.length > MAX_PACKAGE) throw new DomainError('PAYLOAD_TOO_LARGE', 'package is too large');
  let source: CasePackage;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    source = parsePackage(JSON.parse(text));
  } catch (cause) {
    throw new DomainError('PACKAGE_INVALID', 'not a package', {}, { cause });
  }
  if (canonicalJson(source as unknown as Json) !== text.trimEnd()) throw new DomainError('PACKAGE_INVALID', 'not canonical JSON');
  if (packageDigest(source) !== source.digest) throw new DomainError('DIGEST_MISMATCH', 'package digest');
  return source;
}

/** SHA-256 (hex) over JCS of the package without `digest`. */
export function packageDigest(source: CasePackage): string {
  const { digest: _digest, ...rest } = source;
  return sha256Hex(canonicalJson(rest as unknown as Json));
}

async function assertAddressed(envelope: EnvelopePayload, source: CasePackage, verifier: Verifier): Promise<void> {
  if (envelope.id !== source.id || envelope.supersedes !== source.supersedes) throw new DomainError('PACKAGE_INVALID', 'envelope of another package');
  const key = keyIdOf(publicJwk(verifier.sealKey));
  const mine = envelope.recipients.some((one) => one.agency === verifier.agency && one.key === key);
  if (!mine) throw new DomainError('PACKAGE_INVALID', 'envelope is not addressed to this agency and key');
}

function assertDelivered(envelope: EnvelopePayload, source: CasePackage): void {
  if (envelope.contributions.length !== source.contributions.length) throw new DomainError('DIGEST_MISMATCH', 'number of contributions');
  envelope.contributions.forEach((line, index) => {
    const part = source.contributions[index]!;
    const text = canonicalJson(part.jwe);
    if (part.id !== line.id || Buffer.byteLength(text) !== line.size || sha256Hex(text) !== line.sha256) throw new DomainError('DIGEST_MISMATCH', 'contribution ciphertext');
  });
}

/** Two different officers, both pinned: one of the lead member, not the one who proposed; one of a coordinator. */
async function verifyApprovals(envelope: EnvelopePayload, trusted: TrustedKeys): Promise<readonly VerifiedApproval[]> {
  const lead = partySubject(envelope.lead!);
  const proposal = await verifyWithPins('tally-proposal+1', envelope.proposal!, trusted.keysOf(lead, 'officer'));
  const proposed = parseProposal(proposal.payload);
  if (proposed.case !== envelope.case || proposed.lead !== envelope.lead || proposed.purpose !== envelope.purpose || proposed.category !== envelope.category
    || envelope.recipients.some(({ agency }) => agency !== proposed.liaison)) {
    throw new DomainError('PACKAGE_INVALID', 'proposal of another case');
  }
  const found = await Promise.all(envelope.approvals.map((jws) => verifyApproval(envelope, jws, trusted)));
  const byLead = found.find((one) => one.side === 'LEAD' && one.kid !== proposal.kid);
  const byCoordinator = found.find((one) => one.side === 'COORDINATOR');
  if (!byLead || !byCoordinator || byLead.kid === byCoordinator.kid) throw new DomainError('FOUR_EYES_REQUIRED', 'two officers, one of the lead and one of the coordinator');
  return [byLead, byCoordinator];
}

async function verifyApproval(envelope: EnvelopePayload, jws: string, trusted: TrustedKeys): Promise<VerifiedApproval> {
  const lead = partySubject(envelope.lead!);
  const pin = trusted.find(claimedKid(jws), 'officer');
  if (!pin) throw new DomainError('KEY_NOT_TRUSTED', 'approval by a key that is not pinned');
  const { payload, kid } = await verifyWithPins('tally-approval+1', jws, [pin.jwk]);
  const approval = parseApproval(payload);
  if (approval.digest !== approvalDigest(envelope as unknown as Record<string, Json>)) throw new DomainError('DIGEST_MISMATCH', 'approval of another digest');
  const same = approval.case === envelope.case && approval.package === envelope.id && approval.purpose === envelope.purpose
    && canonicalJson(approval.recipients as unknown as Json) === canonicalJson(envelope.recipients as unknown as Json);
  if (!same) throw new DomainError('PACKAGE_INVALID', 'approval of another case, recipient or purpose');
  const side = pin.subject === lead ? 'LEAD' : pin.role === 'coordinator' ? 'COORDINATOR' : null;
  if (!side) throw new DomainError('FOUR_EYES_REQUIRED', 'approval by an officer of another party');
  return { kid, name: pin.name, side, time: approval.time };
}

async function verifyPart(envelope: EnvelopePayload, index: number, jwe: Json, verifier: Verifier): Promise<VerifiedContribution> {
  const line = envelope.contributions[index]!;
  const signed = await openContribution(jwe, verifier.sealKey);
  const subject = partySubject(String(unverifiedPayload(signed)['member']));
  const { trusted } = verifier;
  const pins = { evidence: trusted.keysOf(subject, 'evidence'), officers: trusted.keysOf(subject, 'officer') };
  const opened = await verifyContribution(signed, pins).catch((error: unknown) => {
    throw isDomainError(error) ? new DomainError(error.code, error.message, { ...error.fields, contribution: line.id }, { cause: error }) : error;
  });
  const payload = parseContribution(opened.payload);
  if (payload.id !== line.id || payload.case !== envelope.case || payload.purpose !== envelope.purpose) throw new DomainError('PACKAGE_INVALID', 'contribution to another case');
  if (canonicalJson(payload.recipients as unknown as Json) !== canonicalJson(envelope.recipients as unknown as Json)) throw new DomainError('PACKAGE_INVALID', 'contribution for another recipient');
  if (isWeaker(envelope.handling, payload.handlingFloor)) throw new DomainError('HANDLING_TOO_WEAK', 'envelope is weaker than a contributor allows');
  const declared = canonicalJson({ floor: line.handlingFloor, facets: line.facets as unknown as Json });
  if (canonicalJson({ floor: payload.handlingFloor, facets: payload.facets as unknown as Json }) !== declared) throw new DomainError('PACKAGE_INVALID', 'declared facets differ');
  assertContents(payload);
  return {
    payload, signed, evidenceKid: opened.evidenceKid, officerKid: opened.officerKid,
    memberName: trusted.nameOf(subject) ?? { name: payload.member, nameZh: payload.member },
    officerName: trusted.find(opened.officerKid, 'officer')?.name ?? opened.officerKid,
  };
}

function assertContents(payload: ContributionPayload): void {
  const paths = new Set(payload.contents.map((item) => item.path));
  if (paths.size !== payload.contents.length || payload.facets.items !== payload.contents.length) throw new DomainError('PACKAGE_INVALID', 'contents');
  for (const item of payload.contents) {
    const bytes = Buffer.from(item.blob, 'base64url');
    if (bytes.length !== item.size || sha256Hex(bytes) !== item.sha256) throw new DomainError('DIGEST_MISMATCH', 'content of a contribution');
  }
}

function claimedKid(jws: string): string {
  try {
    return String((JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString('utf8')) as { kid?: unknown }).kid);
  } catch {
    return '';
  }
}

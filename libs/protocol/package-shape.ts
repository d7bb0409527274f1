/**
 * Shapes of what travels in a case: contribution, envelope, package (docs/packages.md). Everything here crossed a border when it is
 * read, so the parsers take nothing for granted: unknown members are refused, and every fault is one code, PACKAGE_INVALID.
 */
import { DomainError, isUuid, type Json } from '#kernel';

/** From weakest to strictest (TLP 2.0). */
export const HANDLING_LADDER = ['CLEAR', 'GREEN', 'AMBER', 'AMBER_STRICT', 'RED'] as const;
export type Handling = (typeof HANDLING_LADDER)[number];

const EVIDENCE_FACETS = ['INDICATORS', 'RECORDINGS', 'DOCUMENTS', 'TRANSACTIONS', 'STATEMENTS'] as const;
export type EvidenceFacet = (typeof EVIDENCE_FACETS)[number];

/** Whom a contribution or package is for: the agency and the RFC 7638 thumbprint of one of its pinned seal keys. */
export interface Recipient { readonly agency: string; readonly key: string }
/** What a contributor declares about a sealed contribution; the hub sees it, the liaison's verifier compares it. */
export interface Facets { readonly kinds: readonly string[]; readonly evidence: readonly EvidenceFacet[]; readonly items: number }
export interface CustodyStep { readonly at: string; readonly act: string }
export interface ContentItem { readonly path: string; readonly mediaType: string; readonly size: number; readonly sha256: string; readonly blob: string }
export interface ContactDesk { readonly name: string; readonly nameZh: string; readonly phone: string; readonly email: string }
export interface CaseBasis { readonly code: string; readonly law: string; readonly article: string }

export interface ContributionPayload {
  readonly v: 1;
  readonly id: string;
  readonly case: string;
  readonly member: string;
  readonly recipients: readonly Recipient[];
  readonly purpose: string;
  readonly legalBasis: CaseBasis;
  readonly handlingFloor: Handling;
  /** 32 random bytes, base64url: known to the contributor and to whoever opened the contribution. */
  readonly opening: string;
  readonly contents: readonly ContentItem[];
  readonly objects: readonly Json[];
  readonly custody: readonly CustodyStep[];
  readonly contactDesk: ContactDesk;
  readonly limitations: readonly string[];
  readonly facets: Facets;
}

/** One line of the envelope: size and SHA-256 (hex) are of the CIPHERTEXT's canonical text. */
export interface EnvelopeContribution { readonly id: string; readonly size: number; readonly sha256: string; readonly handlingFloor: Handling; readonly facets: Facets }

export type PackageKind = 'CASE' | 'TEST';

export interface EnvelopePayload {
  readonly v: 1;
  readonly id: string;
  readonly kind: PackageKind;
  readonly supersedes: string | null;
  readonly case: string | null;
  readonly category: string | null;
  readonly purpose: string;
  readonly recipients: readonly Recipient[];
  readonly handling: Handling;
  readonly contributions: readonly EnvelopeContribution[];
  readonly blobs: readonly never[];
  readonly custody: readonly CustodyStep[];
  /** The member that leads the case, and the proposing officer's statement (typ tally-proposal+1). */
  readonly lead: string | null;
  readonly proposal: string | null;
  /** Officers' statements (typ tally-approval+1); not part of the digest. */
  readonly approvals: readonly string[];
}

export interface CasePackage {
  readonly v: 1;
  readonly id: string;
  readonly supersedes: string | null;
  readonly envelope: Json;
  readonly contributions: readonly { readonly id: string; readonly jwe: Json }[];
  readonly blobs: readonly never[];
  /** SHA-256 (hex) over the canonical text of the package without this member. */
  readonly digest: string;
}

export function parseContribution(value: unknown): ContributionPayload {
  const at = members(value, ['v', 'id', 'case', 'member', 'recipients', 'purpose', 'legalBasis', 'handlingFloor', 'opening', 'contents', 'objects', 'custody',
    'contactDesk', 'limitations', 'facets']);
  need(at['v'] === 1, 'version');
  for (const name of ['id', 'case', 'member']) need(isUuid(at[name]), name);
  texts(members(at['legalBasis'], ['code', 'law', 'article']));
  texts(members(at['contactDesk'], ['name', 'nameZh', 'phone', 'email']));
  need(/^[A-Za-z0-9_-]{43}$/.test(text(at['opening'])), 'opening');
  text(at['purpose']);
  parseRecipients(at['recipients']);
  parseHandling(at['handlingFloor']);
  list(at['contents'], 1, 100).forEach(parseContent);
  list(at['objects'], 0, 100_000);
  list(at['limitations'], 0, 50).forEach(text);
  parseCustody(at['custody']);
  parseFacets(at['facets']);
  return value as ContributionPayload;
}

export function parseEnvelope(value: unknown): EnvelopePayload {
  const at = members(value, ['v', 'id', 'kind', 'supersedes', 'case', 'category', 'purpose', 'recipients', 'handling', 'contributions', 'blobs', 'custody', 'lead',
    'proposal', 'approvals']);
  need(at['v'] === 1 && isUuid(at['id']), 'id');
  need(at['kind'] === 'CASE' || at['kind'] === 'TEST', 'kind');
  const real = at['kind'] === 'CASE';
  for (const name of ['case', 'lead']) need(real ? isUuid(at[name]) : at[name] === null, name);
  for (const name of ['category', 'proposal']) need(real ? typeof at[name] === 'string' : at[name] === null, name);
  need(at['supersedes'] === null || isUuid(at['supersedes']), 'supersedes');
  text(at['purpose']);
  parseRecipients(at['recipients']);
  parseHandling(at['handling']);
  const lines = list(at['contributions'], real ? 1 : 0, real ? 100 : 0).map(parseLine);
  need(new Set(lines.map((line) => line.id)).size === lines.length, 'contributions');
  list(at['blobs'], 0, 0);
  parseCustody(at['custody']);
  list(at['approvals'], 0, 8).forEach(text);
  return value as EnvelopePayload;
}

export function parsePackage(value: unknown): CasePackage {
  const at = members(value, ['v', 'id', 'supersedes', 'envelope', 'contributions', 'blobs', 'digest']);
  need(at['v'] === 1 && isUuid(at['id']), 'id');
  need(at['supersedes'] === null || isUuid(at['supersedes']), 'supersedes');
  need(isSha256(at['digest']), 'digest');
  for (const one of list(at['contributions'], 0, 100)) need(isUuid(members(one, ['id', 'jwe'])['id']), 'contributions');
  list(at['blobs'], 0, 0);
  return value as CasePackage;
}

export function parseFacets(value: unknown): Facets {
  const at = members(value, ['kinds', 'evidence', 'items']);
  for (const kind of list(at['kinds'], 0, 32)) need(/^[a-z_]{2,32}$/.test(text(kind)), 'facets');
  for (const one of list(at['evidence'], 1, 8)) need((EVIDENCE_FACETS as readonly unknown[]).includes(one), 'facets');
  need(Number.isInteger(at['items']) && (at['items'] as number) >= 1 && (at['items'] as number) <= 100, 'facets');
  return value as Facets;
}

export function parseRecipients(value: unknown): readonly Recipient[] {
  for (const one of list(value, 1, 8)) {
    const at = members(one, ['agency', 'key']);
    need(isUuid(at['agency']) && /^[A-Za-z0-9_-]{43}$/.test(text(at['key'])), 'recipients');
  }
  return value as readonly Recipient[];
}

export function parseHandling(value: unknown): Handling {
  need((HANDLING_LADDER as readonly unknown[]).includes(value), 'handling');
  return value as Handling;
}

/** The stricter of two, and of none: CLEAR. */
export function strictest(floors: readonly Handling[]): Handling {
  return floors.reduce<Handling>((a, b) => (HANDLING_LADDER.indexOf(b) > HANDLING_LADDER.indexOf(a) ? b : a), 'CLEAR');
}
export function isWeaker(a: Handling, b: Handling): boolean {
  return HANDLING_LADDER.indexOf(a) < HANDLING_LADDER.indexOf(b);
}
export function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function parseLine(value: unknown): EnvelopeContribution {
  const at = members(value, ['id', 'size', 'sha256', 'handlingFloor', 'facets']);
  need(isUuid(at['id']) && Number.isSafeInteger(at['size']) && isSha256(at['sha256']), 'contributions');
  parseHandling(at['handlingFloor']);
  parseFacets(at['facets']);
  return value as EnvelopeContribution;
}

/** Paths become file names at the liaison: one plain segment, never a way out of the folder. */
function parseContent(value: unknown): void {
  const at = members(value, ['path', 'mediaType', 'size', 'sha256', 'blob']);
  need(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(text(at['path'])), 'contents');
  need(/^[a-z]+\/[a-z0-9.+-]{1,80}$/.test(text(at['mediaType'])), 'contents');
  need(Number.isSafeInteger(at['size']) && isSha256(at['sha256']), 'contents');
  need(/^[A-Za-z0-9_-]*$/.test(text(at['blob'])), 'contents');
}

function parseCustody(value: unknown): void {
  for (const step of list(value, 0, 200)) texts(members(step, ['at', 'act']));
}

function members(value: unknown, names: readonly string[]): Record<string, unknown> {
  const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  need(keys.length === names.length && names.every((name) => keys.includes(name)), 'members');
  return value as Record<string, unknown>;
}
function list(value: unknown, min: number, max: number): readonly unknown[] {
  need(Array.isArray(value) && value.length >= min && value.length <= max, 'list');
  return value as readonly unknown[];
}
function text(value: unknown): string {
  need(typeof value === 'string' && value.length <= 4_000_000, 'text');
  return value as string;
}
function texts(value: Record<string, unknown>): void {
  Object.values(value).forEach(text);
}
function need(good: boolean, what: string): asserts good {
  if (!good) throw new DomainError('PACKAGE_INVALID', `shape: ${what}`);
}

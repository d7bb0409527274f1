/**
 * Shapes of the signed statements of a case: proposal, approval, receipt, outcome (docs/packages.md). The signature is
 * verified elsewhere; here is what a verified payload must say.
 */
import { DomainError, isUuid } from '#kernel';
import { isSha256, parseRecipients, type CaseBasis, type Recipient } from './package-shape.js';

export interface ProposalStatement {
  readonly v: 1;
  readonly case: string;
  readonly lead: string;
  readonly category: string;
  readonly purpose: string;
  readonly legalBasis: CaseBasis;
  readonly liaison: string;
  readonly time: string;
}

/** One officer's approval: bound to the case, to what is sent (digest), to whom, and for what. */
export interface ApprovalStatement {
  readonly v: 1;
  readonly case: string;
  readonly package: string;
  readonly digest: string;
  readonly recipients: readonly Recipient[];
  readonly purpose: string;
  readonly time: string;
}

export const RECEIPT_KINDS = ['RECEIVED', 'OPENED', 'ACCEPTED', 'REJECTED', 'FORWARDED', 'DESTROYED'] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

export interface ReceiptStatement {
  readonly v: 1;
  readonly id: string;
  readonly package: string;
  /** Digest of the package as it was fetched. */
  readonly digest: string;
  readonly kind: ReceiptKind;
  /** SHA-256 (hex) of the previous receipt for this package as it was sent, or null for the first. */
  readonly previous: string | null;
  readonly officerReference: string;
  readonly reason: string;
  readonly time: string;
  /** OPENED and ACCEPTED: per contribution SHA-256(opening bytes, UTF-8 receipt id), hex. Empty otherwise. */
  readonly openings: readonly { readonly contribution: string; readonly proof: string }[];
}

export const OUTCOME_KINDS = ['CRIMINAL_CASE_FILED', 'ADMINISTRATIVE_CASE', 'GANG_BROKEN', 'PERSONS_HELD', 'AMOUNT_SECURED', 'NO_CASE', 'DUPLICATE', 'FALSE'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

export interface OutcomeStatement {
  readonly v: 1;
  readonly id: string;
  readonly package: string;
  readonly kind: OutcomeKind;
  readonly persons: number | null;
  /** Whole yuan. */
  readonly amountCny: number | null;
  readonly reference: string;
  readonly time: string;
}

export function parseProposal(value: unknown): ProposalStatement {
  const at = members(value, ['v', 'case', 'lead', 'category', 'purpose', 'legalBasis', 'liaison', 'time']);
  need(isUuid(at['case']) && isUuid(at['lead']) && isUuid(at['liaison']), 'id');
  const basis = members(at['legalBasis'], ['code', 'law', 'article']);
  need([at['category'], at['purpose'], ...Object.values(basis)].every(isShort) && isInstant(at['time']), 'text');
  return value as ProposalStatement;
}

export function parseApproval(value: unknown): ApprovalStatement {
  const at = members(value, ['v', 'case', 'package', 'digest', 'recipients', 'purpose', 'time']);
  need(isUuid(at['case']) && isUuid(at['package']) && isSha256(at['digest']), 'id');
  parseRecipients(at['recipients']);
  need(isShort(at['purpose']) && isInstant(at['time']), 'text');
  return value as ApprovalStatement;
}

export function parseReceipt(value: unknown): ReceiptStatement {
  const at = members(value, ['v', 'id', 'package', 'digest', 'kind', 'previous', 'officerReference', 'reason', 'time', 'openings']);
  need(isUuid(at['id']) && isUuid(at['package']) && isSha256(at['digest']), 'id');
  need((RECEIPT_KINDS as readonly unknown[]).includes(at['kind']), 'kind');
  need(at['previous'] === null || isSha256(at['previous']), 'previous');
  need(isShort(at['officerReference']) && isShort(at['reason']) && isInstant(at['time']), 'text');
  need(Array.isArray(at['openings']) && at['openings'].length <= 100, 'openings');
  for (const one of at['openings'] as unknown[]) {
    const opening = members(one, ['contribution', 'proof'], false);
    need(isUuid(opening['contribution']) && isSha256(opening['proof']), 'openings');
  }
  return value as ReceiptStatement;
}

export function parseOutcome(value: unknown): OutcomeStatement {
  const at = members(value, ['v', 'id', 'package', 'kind', 'persons', 'amountCny', 'reference', 'time']);
  need(isUuid(at['id']) && isUuid(at['package']), 'id');
  need((OUTCOME_KINDS as readonly unknown[]).includes(at['kind']), 'kind');
  need(isCount(at['persons']) && isCount(at['amountCny']) && isShort(at['reference']) && isInstant(at['time']), 'text');
  return value as OutcomeStatement;
}

function members(value: unknown, names: readonly string[], versioned = true): Record<string, unknown> {
  const keys = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
  need(keys.length === names.length && names.every((name) => keys.includes(name)), 'members');
  const at = value as Record<string, unknown>;
  need(!versioned || !('v' in at) || at['v'] === 1, 'version');
  return at;
}
function isShort(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 500;
}
function isInstant(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) && !Number.isNaN(Date.parse(value));
}
function isCount(value: unknown): boolean {
  return value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
}
function need(good: boolean, what: string): asserts good {
  if (!good) throw new DomainError('BAD_INPUT', `statement: ${what}`);
}

/** Rules of joint cases that need no database: who may approve, and what an approval must be bound to. */
import { DomainError, canonicalJson, type Json, type PartyId } from '#kernel';
import { CATEGORIES, LAWS, LEGAL_BASES, PURPOSES, isCode, lawCodeOf, type ApprovalStatement, type ProposalStatement } from '#protocol';
import type { Approval, ApprovalSide, JointCase, Proposal } from './case.model.js';

export interface ApprovingOfficer { readonly kid: string; readonly partyId: PartyId; readonly role: string }

/** @throws DomainError CATEGORY_NOT_SHAREABLE, BASIS_NOT_APPLICABLE, BAD_INPUT */
export function assertProposable(proposal: ProposalStatement): void {
  const { category, purpose, legalBasis } = proposal;
  if (!isCode(CATEGORIES, category) || !isCode(PURPOSES, purpose) || !isCode(LEGAL_BASES, legalBasis.code)) throw new DomainError('BAD_INPUT', 'unknown category, purpose or basis');
  if (!CATEGORIES[category].shareable) throw new DomainError('CATEGORY_NOT_SHAREABLE', 'category');
  if (LEGAL_BASES[legalBasis.code].needsArticle && (legalBasis.law === '' || legalBasis.article === '')) throw new DomainError('BASIS_NOT_APPLICABLE', 'law and article are required');
  const law = legalBasis.law === '' ? null : lawCodeOf(legalBasis.law);
  if (law !== null && LAWS[law].onlineFraudOnly && !CATEGORIES[category].onlineFraud) throw new DomainError('BASIS_NOT_APPLICABLE', 'the law covers online fraud only');
}

/**
 * Which of the two required approvals this officer can give. Two different people: one of the lead who did not propose, one of
 * the coordinator; each through its own party's client.
 * @throws DomainError FOUR_EYES_REQUIRED
 */
export function approvalSide(officer: ApprovingOfficer, caller: { readonly partyId: PartyId; readonly role: string }, proposal: Proposal): ApprovalSide {
  if (officer.partyId !== caller.partyId) throw new DomainError('FOUR_EYES_REQUIRED', 'officer of another party');
  if (officer.role === 'coordinator' && caller.role === 'coordinator') return 'COORDINATOR';
  if (officer.partyId !== proposal.leadId) throw new DomainError('FOUR_EYES_REQUIRED', 'officer of a party that neither leads nor coordinates');
  if (officer.kid === proposal.officerKid) throw new DomainError('FOUR_EYES_REQUIRED', 'the officer who proposed cannot approve');
  return 'LEAD';
}

/** @throws DomainError DIGEST_MISMATCH when anything the approval is bound to differs from the case as it stands. */
export function assertBound(approval: ApprovalStatement, jointCase: JointCase, digest: string): void {
  const same = approval.digest === digest && approval.case === jointCase.id && approval.package === jointCase.packageId && approval.purpose === jointCase.purpose
    && canonicalJson(approval.recipients as unknown as Json) === canonicalJson(jointCase.recipients as unknown as Json);
  if (!same) throw new DomainError('DIGEST_MISMATCH', 'approval of something else');
}

/** @throws DomainError FOUR_EYES_REQUIRED for the same officer or the same side again. */
export function assertSecondPair(present: readonly Approval[], side: ApprovalSide, officerKid: string): void {
  if (present.some((one) => one.officerKid === officerKid || one.side === side)) throw new DomainError('FOUR_EYES_REQUIRED', 'the other side has to approve');
}

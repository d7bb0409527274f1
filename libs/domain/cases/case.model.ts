/** A joint case as the database holds it, and the digest that officers approve. */
import type { CaseId, PackageId, PartyId } from '#kernel';
import type { CaseBasis, EnvelopeContribution, Facets, Handling, Recipient } from '#protocol';
import type { CaseState, InvitationState } from './case.machine.js';

export type CasePart = 'LEAD' | 'INVITED';
export type ApprovalSide = 'LEAD' | 'COORDINATOR';

export interface JointCase {
  readonly id: CaseId;
  readonly state: CaseState;
  readonly category: string;
  readonly purpose: string;
  readonly legalBasis: CaseBasis;
  readonly liaisonId: PartyId;
  readonly recipients: readonly Recipient[];
  /** Id that the package will have: part of what is approved. */
  readonly packageId: PackageId;
  readonly createdAt: Date;
  readonly changedAt: Date;
}
/** One party's own row in a case. */
export interface CaseParty {
  readonly partyId: PartyId;
  readonly part: CasePart;
  readonly invitation: InvitationState;
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
}
export interface Proposal { readonly leadId: PartyId; readonly officerKid: string; readonly jws: string }
export interface ContributionLine extends EnvelopeContribution { readonly createdAt: Date }
export interface NewContribution {
  readonly id: string;
  readonly handlingFloor: Handling;
  readonly facets: Facets;
  readonly size: number;
  readonly sha256: string;
  readonly ciphertext: string;
}
export interface Approval { readonly partyId: PartyId; readonly side: ApprovalSide; readonly officerKid: string; readonly digest: string; readonly jws: string; readonly createdAt: Date }

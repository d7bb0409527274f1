/** A member proposes a case from its own overlaps. The counterparts are asked without the proposer learning who they are. */
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CasesRepository, assertProposable } from '#domain/cases';
import { Directory } from '#domain/members';
import { DomainError, type CaseId, type PackageId, type PartyId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { parseProposal, type ProposalStatement, type Recipient } from '#protocol';

export interface ProposeCase {
  /** Officer's statement, typ tally-proposal+1. */
  readonly jws: string;
  readonly overlapIds: readonly string[];
  /** The liaison's seal keys as the proposer has pinned them. */
  readonly recipients: readonly Recipient[];
  readonly idempotencyKey: string;
}

@Injectable()
export class ProposeCaseFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly directory: Directory,
    private readonly audit: AuditIntake, private readonly idempotency: Idempotency) {}

  /** @throws DomainError SIGNATURE_INVALID, KEY_NOT_TRUSTED, FORBIDDEN, CATEGORY_NOT_SHAREABLE, BASIS_NOT_APPLICABLE, NOT_FOUND, ALREADY_EXISTS */
  run(actor: Actor, { idempotencyKey, ...input }: ProposeCase): Promise<{ caseId: string }> {
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'proposeCase', key: idempotencyKey, request: input }, async () => {
      const officer = await this.directory.officerByKey(tx, claimedKeyId(input.jws));
      if (!officer || officer.partyId !== actor.partyId) throw new DomainError('KEY_NOT_TRUSTED', 'not an officer of the proposer');
      const proposal = parseProposal((await verifyStatement('tally-proposal+1', input.jws, officer.jwk)).payload);
      if (proposal.lead !== actor.partyId) throw new DomainError('FORBIDDEN', 'proposal of another member');
      assertProposable(proposal);
      await this.assertRecipients(tx, proposal, input.recipients);
      const { category, purpose, legalBasis } = proposal;
      const caseId = proposal.case as CaseId;
      await this.cases.propose(tx, actor.partyId, { id: caseId, category, purpose, legalBasis, liaisonId: proposal.liaison as PartyId, recipients: input.recipients,
        packageId: uuidv7() as PackageId, overlapIds: [...new Set(input.overlapIds)], officerKid: officer.kid, proposalJws: input.jws });
      await this.audit.append(tx, { kind: 'case.proposed', case: caseId, overlaps: input.overlapIds.length });
      return { caseId };
    }));
  }

  /** A sanity check for honest members: what is pinned must be what the liaison has registered. Trust comes from the pins alone. */
  private async assertRecipients(tx: Tx, proposal: ProposalStatement, recipients: readonly Recipient[]): Promise<void> {
    const liaison = await this.directory.party(tx, proposal.liaison as PartyId);
    if (liaison?.role !== 'liaison' || liaison.status !== 'ACTIVE') throw new DomainError('NOT_FOUND', 'liaison');
    const keys = await this.directory.keys(tx, liaison.id);
    const known = (recipient: Recipient): boolean => recipient.agency === liaison.id && keys.some((key) => key.use === 'seal' && key.kid === recipient.key && key.revokedAt === null);
    if (recipients.length === 0 || !recipients.every(known)) throw new DomainError('KEY_NOT_TRUSTED', 'recipient key is not a present seal key of the liaison');
  }
}

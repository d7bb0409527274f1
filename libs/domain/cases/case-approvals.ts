/** What a case would send as it stands now, and the approvals of exactly that. */
import { Injectable } from '@nestjs/common';
import { DomainError, type CaseId, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { EnvelopePayload } from '#protocol';
import { moveCase } from './case.machine.js';
import type { Approval, ApprovalSide, JointCase, Proposal } from './case.model.js';
import { casePayload, digestOf } from './case-payload.js';
import { CasesRepository } from './cases.repository.js';
import { ContributionsRepository } from './contributions.repository.js';

export interface ApprovableCase { readonly jointCase: JointCase; readonly proposal: Proposal; readonly payload: EnvelopePayload; readonly digest: string }

@Injectable()
export class CaseApprovals {
  constructor(private readonly cases: CasesRepository, private readonly contributions: ContributionsRepository) {}

  /** Locks the case. @throws DomainError NOT_FOUND for anybody but the lead and a coordinator */
  async lock(tx: Tx, id: CaseId): Promise<ApprovableCase> {
    const jointCase = await this.cases.lock(tx, id);
    const proposal = jointCase && (await this.cases.proposal(tx, id));
    if (!jointCase || !proposal) throw new DomainError('NOT_FOUND', 'case');
    const payload = casePayload(jointCase, proposal, await this.contributions.lines(tx, id));
    return { jointCase, proposal, payload, digest: digestOf(payload) };
  }

  present(tx: Tx, { jointCase, digest }: ApprovableCase): Promise<Approval[]> {
    return this.contributions.approvals(tx, jointCase.id, digest);
  }

  /** @returns all approvals of this digest, the lead's first */
  async record(tx: Tx, partyId: PartyId, { jointCase, digest }: ApprovableCase, one: { readonly side: ApprovalSide; readonly officerKid: string; readonly jws: string }): Promise<Approval[]> {
    await this.contributions.approve(tx, partyId, jointCase.id, { ...one, digest });
    return this.contributions.approvals(tx, jointCase.id, digest);
  }

  async complete(tx: Tx, { jointCase }: ApprovableCase): Promise<void> {
    await this.cases.move(tx, jointCase.id, moveCase(jointCase.state, 'approve'));
    await this.cases.tell(tx, jointCase.id, 'CASE_APPROVED');
  }
}

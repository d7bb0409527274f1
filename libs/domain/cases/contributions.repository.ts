/** Sealed contributions and approvals. The hub holds ciphertext, its digest, and what contributors declare. */
import { Injectable } from '@nestjs/common';
import { DomainError, type CaseId, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { Approval, ApprovalSide, ContributionLine, NewContribution } from './case.model.js';

const LINE = 'contribution_id as id, size, sha256, handling_floor as "handlingFloor", facets, created_at as "createdAt"';

@Injectable()
export class ContributionsRepository {
  /** False when the same bytes are there already. @throws DomainError IDEMPOTENCY_MISMATCH for other bytes under a known id. */
  async add(tx: Tx, partyId: PartyId, caseId: CaseId, one: NewContribution): Promise<boolean> {
    const added = await tx.execute(`insert into tally.contribution (party_id, case_id, contribution_id, handling_floor, facets, size, sha256, ciphertext)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [partyId, caseId, one.id, one.handlingFloor, JSON.stringify(one.facets), one.size, one.sha256, one.ciphertext]);
    if (added === 1) return true;
    const [known] = await tx.query('select 1 from tally.contribution where party_id = $1 and case_id = $2 and contribution_id = $3 and sha256 = $4', [partyId, caseId, one.id, one.sha256]);
    if (!known) throw new DomainError('IDEMPOTENCY_MISMATCH', 'contribution id is known with other bytes');
    return false;
  }

  own(tx: Tx, partyId: PartyId, caseId: CaseId): Promise<ContributionLine[]> {
    return tx.query<ContributionLine>(`select ${LINE} from tally.contribution where party_id = $1 and case_id = $2 order by created_at, contribution_id`, [partyId, caseId]);
  }

  /** Every contribution's line, for the approving sides; empty for everybody else. */
  lines(tx: Tx, caseId: CaseId): Promise<ContributionLine[]> {
    return tx.query<ContributionLine>(`select ${LINE} from tally.case_lines($1)`, [caseId]);
  }

  approvals(tx: Tx, caseId: CaseId, digest: string): Promise<Approval[]> {
    return tx.query<Approval>(`select party_id as "partyId", side, officer_kid as "officerKid", digest, jws, created_at as "createdAt" from tally.approval
      where case_id = $1 and digest = $2 order by case side when 'LEAD' then 1 else 2 end`, [caseId, digest]);
  }

  async approve(tx: Tx, partyId: PartyId, caseId: CaseId, one: { readonly side: ApprovalSide; readonly officerKid: string; readonly digest: string; readonly jws: string }): Promise<void> {
    await tx.execute('insert into tally.approval (party_id, case_id, officer_kid, side, digest, jws) values ($1, $2, $3, $4, $5, $6)',
      [partyId, caseId, one.officerKid, one.side, one.digest, one.jws]);
  }
}

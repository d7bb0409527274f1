/** Cases and their parties. Explicit SQL; row-level security shows a party the cases in which it has a row of its own. */
import { Injectable } from '@nestjs/common';
import { DomainError, type CaseId, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { CaseState, InvitationState } from './case.machine.js';
import type { CaseParty, JointCase, Proposal } from './case.model.js';

const CASE_COLUMNS = `c.case_id as id, c.state, c.category, c.purpose, c.legal_basis as "legalBasis", c.liaison_id as "liaisonId", c.recipients,
  c.package_id as "packageId", c.created_at as "createdAt", c.changed_at as "changedAt"`;
const PARTY_COLUMNS = 'party_id as "partyId", part, invitation, asked_at as "askedAt", answered_at as "answeredAt"';

export interface NewCase extends Omit<JointCase, 'state' | 'createdAt' | 'changedAt'> {
  readonly overlapIds: readonly string[];
  readonly officerKid: string;
  readonly proposalJws: string;
}

@Injectable()
export class CasesRepository {
  /** @throws DomainError ALREADY_EXISTS for a known id; NOT_FOUND when an overlap is not an open one of the lead. */
  async propose(tx: Tx, leadId: PartyId, one: NewCase): Promise<void> {
    try {
      // No ON CONFLICT: it would need the new row to be visible, and a case is visible to its parties only, of which it has none yet.
      await tx.execute(`insert into tally.joint_case (case_id, state, category, purpose, legal_basis, liaison_id, recipients, package_id)
        values ($1, 'PROPOSED', $2, $3, $4, $5, $6, $7)`,
      [one.id, one.category, one.purpose, JSON.stringify(one.legalBasis), one.liaisonId, JSON.stringify(one.recipients), one.packageId]);
    } catch (error) {
      if (sqlState(error) === '23505') throw new DomainError('ALREADY_EXISTS', 'case id is known');
      throw error;
    }
    await tx.execute("insert into tally.case_party (party_id, case_id, part, invitation, answered_at) values ($1, $2, 'LEAD', 'JOINED', now())", [leadId, one.id]);
    await tx.execute('insert into tally.case_proposal (party_id, case_id, officer_kid, jws) values ($1, $2, $3, $4)', [leadId, one.id, one.officerKid, one.proposalJws]);
    await tx.execute('insert into tally.case_overlap (party_id, case_id, overlap_id) select $1, $2, unnest($3::uuid[])', [leadId, one.id, [...one.overlapIds]]);
    try {
      await tx.query('select tally.invite_counterparts($1)', [one.id]);
    } catch (error) {
      if (sqlState(error) === 'TL404') throw new DomainError('NOT_FOUND', 'overlap');
      throw error;
    }
  }

  async find(tx: Tx, id: CaseId): Promise<JointCase | null> {
    const [row] = await tx.query<JointCase>(`select ${CASE_COLUMNS} from tally.joint_case c where c.case_id = $1`, [id]);
    return row ?? null;
  }

  /** Locks the case until the end of the transaction: one act at a time. Null when it is not the caller's to act on. */
  async lock(tx: Tx, id: CaseId): Promise<JointCase | null> {
    const [row] = await tx.query<JointCase>(`select ${CASE_COLUMNS} from tally.joint_case c where c.case_id = $1 for update`, [id]);
    return row ?? null;
  }

  /** Oldest first; UUIDv7 ids need not be in order of time, so the cursor carries both. */
  list(tx: Tx, first: number, after: { readonly at: string; readonly id: string } | null): Promise<(JointCase & { readonly position: string })[]> {
    return tx.query<JointCase & { readonly position: string }>(
      `select ${CASE_COLUMNS}, to_char(c.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position from tally.joint_case c
        where $1::timestamptz is null or (c.created_at, c.case_id) > ($1::timestamptz, $2::uuid) order by c.created_at, c.case_id limit $3`,
      [after?.at ?? null, after?.id ?? null, first]);
  }

  async move(tx: Tx, id: CaseId, state: CaseState): Promise<void> {
    const moved = await tx.execute('update tally.joint_case set state = $2, changed_at = now() where case_id = $1', [id, state]);
    if (moved !== 1) throw new DomainError('NOT_FOUND', 'case');
  }

  async ownPart(tx: Tx, partyId: PartyId, id: CaseId): Promise<CaseParty | null> {
    const [row] = await tx.query<CaseParty>(`select ${PARTY_COLUMNS} from tally.case_party where party_id = $1 and case_id = $2`, [partyId, id]);
    return row ?? null;
  }

  async answer(tx: Tx, partyId: PartyId, id: CaseId, invitation: InvitationState): Promise<void> {
    const moved = await tx.execute(
      "update tally.case_party set invitation = $3, answered_at = now() where party_id = $1 and case_id = $2 and invitation = 'ASKED'", [partyId, id, invitation]);
    if (moved !== 1) throw new DomainError('STATE_CONFLICT', 'invitation was answered');
  }

  ownOverlaps(tx: Tx, partyId: PartyId, id: CaseId): Promise<string[]> {
    return tx.query<{ id: string }>('select overlap_id as id from tally.case_overlap where party_id = $1 and case_id = $2 order by overlap_id', [partyId, id])
      .then((rows) => rows.map((row) => row.id));
  }

  /** Those who joined, for one who joined; empty for everybody else. */
  participants(tx: Tx, id: CaseId): Promise<{ readonly partyId: PartyId; readonly part: string }[]> {
    return tx.query('select party_id as "partyId", part from tally.case_participants($1)', [id]);
  }

  /** For those who joined; zeros for everybody else. */
  async invitations(tx: Tx, id: CaseId): Promise<{ readonly asked: number; readonly joined: number }> {
    const [row] = await tx.query<{ asked: number; joined: number }>('select asked, joined from tally.case_invitations($1)', [id]);
    return row ?? { asked: 0, joined: 0 };
  }

  /** For the lead and the coordinator; null for everybody else. */
  async proposal(tx: Tx, id: CaseId): Promise<Proposal | null> {
    const [row] = await tx.query<Proposal>('select party_id as "leadId", officer_kid as "officerKid", jws from tally.case_proposal where case_id = $1', [id]);
    return row ?? null;
  }

  /** An event for every other party that joined. */
  async tell(tx: Pick<Tx, 'query'>, id: CaseId, what: string): Promise<void> {
    await tx.query('select tally.tell_case($1, $2)', [id, what]);
  }
}

function sqlState(error: unknown): unknown {
  const fault = error as { code?: unknown; driverError?: { code?: unknown } } | null;
  return fault?.driverError?.code ?? fault?.code;
}

/** SQL of what a member may see of overlaps, and of the record that it looked. */
import { randomUUID } from 'node:crypto';
import { DomainError, pageOf, type MemberId, type OverlapId, type Page, type PageRequest } from '#kernel';
import type { Tx } from '#platform/database';
import { bandOf, type Overlap, type PartyEvent, type StatedPurpose } from './overlap.model.js';

type OverlapRow = Omit<Overlap, 'others'> & { readonly others: number; readonly seq: string };

// The effective level tells the level of the other member: below the minimum it is one's own, or what any other on the indicator makes of it.
const OWN_LEVEL = `(select greatest(c.level, case when strength = 'EXACT' then 2 else 1 end) from tally.clue c where c.member_id = overlap.member_id and c.clue_id = overlap.clue_id)`;
// Below the group's minimum size a band or a category would name the other member: only that there is one.
const COLUMNS = `overlap_id as id, clue_id as "clueId", kind, strength, seq::text as seq, case when b.allowed then others else 1 end as others,
  case when b.allowed then categories else '{}' end as categories, case when b.allowed then array(select 'L' || l from unnest(levels) l order by l) else '{}' end as levels,
  'L' || case when b.allowed then overlap.level else ${OWN_LEVEL} end as level, impersonated, case when b.allowed then first_seen end as "firstSeen", case when b.allowed then last_seen end as "lastSeen",
  state, opened_at as "openedAt", changed_at as "changedAt"`;
const FROM = 'from tally.overlap cross join (select match.bands_allowed() as allowed) b';

export class OverlapsRepository {
  /** In order of last change, which is the order of the member's events: a row that changes comes again. */
  async list(tx: Tx, memberId: MemberId, page: PageRequest, since: Date | null): Promise<Page<Overlap>> {
    const rows = await tx.query<OverlapRow>(
      `select ${COLUMNS} ${FROM} where member_id = $1 and seq > $2 and ($3::timestamptz is null or changed_at > $3) order by overlap.seq limit $4`,
      [memberId, seqAfter(page), since, page.first + 1]);
    const { items, hasNextPage } = pageOf(rows, page.first, ({ seq }) => seq);
    return { items: items.map(({ node, cursor }) => ({ node: overlapOf(node), cursor })), hasNextPage };
  }

  async find(tx: Tx, memberId: MemberId, id: OverlapId): Promise<Overlap | null> {
    const [row] = await tx.query<OverlapRow>(`select ${COLUMNS} ${FROM} where member_id = $1 and overlap_id = $2`, [memberId, id]);
    return row ? overlapOf(row) : null;
  }

  /** Who, when, why and how much. `asked` counts rows asked for, `hits` rows given. */
  async record(tx: Tx, memberId: MemberId, kind: 'OVERLAPS' | 'OVERLAP', stated: StatedPurpose, asked: number, hits: number): Promise<string> {
    const id = randomUUID();
    const { code, law, article } = stated.legalBasis;
    await tx.execute(
      `insert into tally.disclosure (member_id, disclosure_id, kind, client_id, purpose, basis_code, basis_law, basis_article, asked, hits)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [memberId, id, kind, tx.actor.clientId, stated.purpose, code, law ?? null, article ?? null, asked, hits]);
    return id;
  }

  /** The party's own feed. Gapless: a reader that has n and sees no n + 1 has missed nothing. */
  async events(tx: Tx, page: PageRequest): Promise<Page<PartyEvent>> {
    const rows = await tx.query<{ seq: string; kind: string; subjectId: string; at: Date }>(
      'select seq::text as seq, kind, subject_id as "subjectId", at from tally.event where party_id = $1 and seq > $2 order by event.seq limit $3',
      [tx.actor.partyId, seqAfter(page), page.first + 1]);
    const { items, hasNextPage } = pageOf(rows, page.first, ({ seq }) => seq);
    return { items: items.map(({ node, cursor }) => ({ node: { ...node, seq: Number(node.seq) }, cursor })), hasNextPage };
  }
}

function overlapOf({ seq: _seq, others, ...row }: OverlapRow): Overlap {
  return { ...row, others: bandOf(others) };
}

function seqAfter({ after }: PageRequest): string {
  if (after === null) return '0';
  if (!/^[0-9]{1,18}$/.test(after)) throw new DomainError('BAD_INPUT', 'cursor', { field: 'after' });
  return after;
}

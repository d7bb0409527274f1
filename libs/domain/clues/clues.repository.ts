/** SQL of a member's own clues. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import copyStreams from 'pg-copy-streams';
import { DomainError, pageOf, type ClueId, type MemberId, type Page, type PageRequest, type PublicationId } from '#kernel';
import type { Tx } from '#platform/database';
import type { RetractionReason } from '#protocol';
import { STAGE_COLUMNS, type ClueBatch } from './clue-batch.js';
import type { OwnClue, RefusedClue } from './clue.model.js';

export interface Ingested {
  readonly accepted: number;
  readonly known: readonly (readonly [string, string])[];
  readonly refused: readonly RefusedClue[];
}

const CREATE_STAGE = `create temporary table clue_stage (${STAGE_COLUMNS}) on commit drop`;

// Ordered by token, so that two uploads of one member take their index entries in one order.
const INSERT_STAGED = `
  with fresh as (
    insert into tally.clue (member_id, clue_id, publication_id, epoch, kind, kind_version, category, means, role, level, purpose, basis_code, basis_law,
        basis_article, tlp, first_seen, last_seen, approver, authority_reference, evidence, detail, revision, exact_token, expires_at)
      select $1, s.clue_id, $2, s.epoch, s.kind, s.kind_version, s.category, s.means, s.role, s.level, s.purpose, s.basis_code, s.basis_law,
          s.basis_article, s.tlp, s.first_seen, s.last_seen, s.approver, s.authority_reference, s.evidence, s.detail, s.revision,
          decode(left(s.tokens, 32), 'hex'), now() + s.days * interval '1 day'
        from pg_temp.clue_stage s
        where s.epoch in (select d.epoch from (select distinct epoch from pg_temp.clue_stage) d where match.epoch_open(d.epoch)) order by s.tokens
      on conflict do nothing returning clue_id),
  forms as (
    insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live)
      select $1, s.clue_id, f, s.epoch, decode(substr(s.tokens, 32 * f - 31, 32), 'hex'), s.kinds[f], case when f = 1 then 'EXACT' else 'WEAK' end, s.matchable and s.bands is null
        from pg_temp.clue_stage s join fresh using (clue_id) cross join lateral generate_series(1, s.forms) f),
  bands as (
    insert into tally.text_band (member_id, clue_id, band, epoch, token, live, expires_at)
      select $1, s.clue_id, b, s.epoch, decode(substr(s.bands, 32 * b - 31, 32), 'hex'), s.matchable, now() + s.days * interval '1 day'
        from pg_temp.clue_stage s join fresh using (clue_id) cross join lateral generate_series(1, length(s.bands) / 32) b)
  select s.clue_id as id from pg_temp.clue_stage s where not exists (select from fresh where fresh.clue_id = s.clue_id)`;

const EXPLAIN_SKIPPED = `
  select s.clue_id as id, k.clue_id as known, match.epoch_open(s.epoch) as open
    from pg_temp.clue_stage s
    left join tally.clue k on k.member_id = $1 and k.epoch = s.epoch and k.exact_token = decode(left(s.tokens, 32), 'hex') and k.state = 'LIVE'
    where s.clue_id = any ($2::uuid[]) order by s.clue_id`;

export class CluesRepository {
  /** COPY cannot go into a table with row-level security: a staging table of this transaction first, then INSERT ... SELECT. */
  async ingest(tx: Tx, memberId: MemberId, publicationId: PublicationId, batch: ClueBatch): Promise<Ingested> {
    if (batch.taken === 0) return { accepted: 0, known: [], refused: [] };
    await tx.execute(CREATE_STAGE);
    await copyIn(tx, 'clue_stage', batch.staged());
    const warned = await refuseWarned(tx);
    await tx.query('select match.hold_epochs()'); // until this commits, no epoch is closed
    const skipped = (await tx.query<{ id: string }>(INSERT_STAGED, [memberId, publicationId])).map((row) => row.id);
    if (skipped.length === 0) return { accepted: batch.taken - warned.length, known: [], refused: warned };
    const rows = await tx.query<{ id: string; known: string | null; open: boolean }>(EXPLAIN_SKIPPED, [memberId, skipped]);
    const known = rows.flatMap(({ id, known: other }): [string, string][] => (other === null ? [] : [[id, other]]));
    const refused = rows.filter((row) => row.known === null)
      .map(({ id, open }): RefusedClue => (open ? { clueId: id, line: 0, code: 'ALREADY_EXISTS', field: 'clueId' } : { clueId: id, line: 0, code: 'EPOCH_NOT_OPEN', field: 'epoch' }));
    return { accepted: batch.taken - warned.length - skipped.length, known, refused: [...warned, ...refused] };
  }

  /** Marks live clues retracted and takes their tokens out of every match. Returns the ids that were live. */
  async retract(tx: Tx, memberId: MemberId, clueIds: readonly ClueId[], reason: RetractionReason): Promise<readonly ClueId[]> {
    const rows = await tx.query<{ id: ClueId }>(
      `with retracted as (
         update tally.clue set state = 'RETRACTED', retracted_at = now(), retraction_reason = $3
           where member_id = $1 and clue_id = any ($2::uuid[]) and state = 'LIVE' returning clue_id),
       silenced as (
         update tally.clue_token t set live = false from retracted r where t.member_id = $1 and t.clue_id = r.clue_id),
       unbanded as (
         update tally.text_band t set live = false from retracted r where t.member_id = $1 and t.clue_id = r.clue_id)
       select clue_id as id from retracted`, [memberId, clueIds, reason]);
    return rows.map((row) => row.id);
  }

  /** Which of these ids are clues of the member, in whatever state. */
  async existing(tx: Tx, memberId: MemberId, clueIds: readonly ClueId[]): Promise<ReadonlySet<ClueId>> {
    const rows = await tx.query<{ id: ClueId }>('select clue_id as id from tally.clue where member_id = $1 and clue_id = any ($2::uuid[])', [memberId, clueIds]);
    return new Set(rows.map((row) => row.id));
  }

  /** Own clues in order of their ids, which hold the time they were made. */
  async list(tx: Tx, memberId: MemberId, page: PageRequest): Promise<Page<OwnClue>> {
    const rows = await tx.query<OwnClue>(
      `select clue_id as "clueId", publication_id as "publicationId", epoch::float8 as epoch, kind || '@' || kind_version as "kindVersion", category, means, role,
           'L' || level as level, purpose, basis_code as "basisCode", basis_law as "basisLaw", basis_article as "basisArticle", tlp,
           first_seen as "firstSeen", last_seen as "lastSeen", evidence, revision,
           case when state = 'LIVE' and expires_at <= now() then 'EXPIRED' else state end as state,
           published_at as "publishedAt", expires_at as "expiresAt", retracted_at as "retractedAt", retraction_reason as "retractionReason"
         from tally.clue where member_id = $1 and ($2::uuid is null or clue_id > $2) order by clue_id limit $3`,
      [memberId, afterOf(page), page.first + 1]);
    return pageOf(rows, page.first, (row) => Buffer.from(row.clueId.replaceAll('-', ''), 'hex').toString('base64url'));
  }
}

function afterOf({ after }: PageRequest): string | null {
  if (after === null) return null;
  if (!/^[A-Za-z0-9_-]{22}$/.test(after)) throw new DomainError('BAD_INPUT', 'cursor', { field: 'after' });
  return Buffer.from(after, 'base64url').toString('hex');
}

/** What a list refuses (docs/runbooks/warning-lists.md): a brand's own to all but the impersonated, the rest to whom a clue accuses. */
export function refusedByList(list: string, role: string): string {
  return `case when ${list} = 'OWN' then ${role} <> 'IMPERSONATED' else ${role} in ('AGENT', 'SUSPECT') end`;
}

/** By the token of the canonical form, in the role of the clue. Their rows leave the stage. */
const REFUSE_WARNED = `
  delete from pg_temp.clue_stage s using match.warned(array(select decode(left(t.tokens, 32), 'hex') from pg_temp.clue_stage t)) w
    where decode(left(s.tokens, 32), 'hex') = w.token and ${refusedByList('w.list', 's.role')}
    returning s.clue_id as id`;

async function refuseWarned(tx: Tx): Promise<RefusedClue[]> {
  const rows = await tx.query<{ id: string }>(REFUSE_WARNED);
  return rows.map(({ id }) => ({ clueId: id, line: 0, code: 'POLICY_FORBIDS', field: 'role' }));
}

export async function copyIn(tx: Tx, table: 'clue_stage' | 'move_stage', pieces: readonly Buffer[]): Promise<void> {
  await tx.refresh();
  const stream = tx.client.query(copyStreams.from(`copy pg_temp.${table} from stdin`));
  const done = finished(stream);
  for (const piece of pieces) if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), done]);
  stream.end();
  await done;
}

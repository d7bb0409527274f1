/** SQL that gives own clues tokens of the current epoch. Ids, words, dates and overlaps of a clue stay as they are. */
import type { MemberId, PublicationId } from '#kernel';
import type { Tx } from '#platform/database';
import { MOVE_COLUMNS, type MoveBatch } from './clue-batch.js';
import type { RefusedClue } from './clue.model.js';
import { copyIn, type Ingested, refusedByList } from './clues.repository.js';

const CREATE_STAGE = `create temporary table move_stage (${MOVE_COLUMNS}) on commit drop`;

// A move brings a token as new as a publication does: the lists hold for it too. Few rows or none, each found by its key.
const WARNED = `
  select s.clue_id as id, w.list from match.warned(array(select decode(left(t.tokens, 32), 'hex') from pg_temp.move_stage t)) w
    join pg_temp.move_stage s on decode(left(s.tokens, 32), 'hex') = w.token`;
const REFUSE_WARNED = `
  delete from pg_temp.move_stage s using unnest($2::uuid[], $3::text[]) w (id, list)
    where s.clue_id = w.id and exists (select from tally.clue c where c.member_id = $1 and c.clue_id = w.id and ${refusedByList('w.list', 'c.role')}) returning s.clue_id as id`;

const CURRENT = 'select e.epoch::text as epoch, match.epoch_open(e.epoch) as open from match.current_epoch() as e (epoch)';

// A clue that has the token already under another id keeps it there; of two in one batch the first moves. Each clue is found by its key,
// whatever the planner thinks of tables that were never analysed.
const MOVE_STAGED = `
  with target as materialized (
    select s.*, c.epoch as from_epoch, c.detail as former_detail, c.role, c.expires_at, decode(left(s.tokens, 32), 'hex') as token
      from pg_temp.move_stage s
      cross join lateral (select k.* from tally.clue k where k.member_id = $1 and k.clue_id = s.clue_id for update) c
      where s.epoch = $3 and c.state = 'LIVE' and c.expires_at > now() and c.kind = s.kind and c.epoch < s.epoch),
  chosen as materialized (
    select distinct on (t.token) t.* from target t
      where (select k.clue_id from tally.clue k where k.member_id = $1 and k.epoch = $3 and k.exact_token = t.token and k.state = 'LIVE') is null
      order by t.token, t.clue_id),
  moved as (
    update tally.clue c set epoch = m.epoch, kind_version = m.kind_version, exact_token = m.token, detail = m.detail
      from chosen m where c.member_id = $1 and c.clue_id = m.clue_id returning c.clue_id),
  noted as (
    insert into tally.clue_move (member_id, clue_id, epoch, publication_id, from_epoch, former_detail)
      select $1, m.clue_id, m.epoch, $2, m.from_epoch, m.former_detail from chosen m),
  forms as (
    insert into tally.clue_token (member_id, clue_id, form, epoch, token, kind, strength, live)
      select $1, m.clue_id, f, m.epoch, decode(substr(m.tokens, 32 * f - 31, 32), 'hex'), m.kinds[f], case when f = 1 then 'EXACT' else 'WEAK' end,
          m.role in ('AGENT', 'SUSPECT', 'IMPERSONATED') and m.bands is null
        from chosen m cross join lateral generate_series(1, m.forms) f),
  bands as (
    insert into tally.text_band (member_id, clue_id, band, epoch, token, live, expires_at)
      select $1, m.clue_id, b, m.epoch, decode(substr(m.bands, 32 * b - 31, 32), 'hex'), m.role in ('AGENT', 'SUSPECT', 'IMPERSONATED'), m.expires_at
        from chosen m cross join lateral generate_series(1, length(m.bands) / 32) b)
  select s.clue_id as id from pg_temp.move_stage s where s.clue_id not in (select moved.clue_id from moved)`;

const EXPLAIN_SKIPPED = `
  select s.clue_id as id, s.epoch = $3 as open, c.clue_id is not null as mine, c.state = 'LIVE' and c.expires_at > now() as live, c.kind = s.kind as "sameKind",
      (select k.clue_id from tally.clue k where k.member_id = $1 and k.epoch = $3 and k.exact_token = decode(left(s.tokens, 32), 'hex') and k.state = 'LIVE') as known
    from pg_temp.move_stage s left join lateral (select k.* from tally.clue k where k.member_id = $1 and k.clue_id = s.clue_id offset 0) c on true
    where s.clue_id = any ($2::uuid[]) order by s.clue_id`;

interface Skipped {
  readonly id: string;
  readonly open: boolean;
  readonly mine: boolean;
  readonly live: boolean;
  readonly sameKind: boolean;
  readonly known: string | null;
}

export class ClueMovesRepository {
  /** `known`: clues that are in the epoch already, under this id or another. */
  async move(tx: Tx, memberId: MemberId, publicationId: PublicationId, batch: MoveBatch): Promise<Ingested> {
    if (batch.taken === 0) return { accepted: 0, known: [], refused: [] };
    await tx.execute(CREATE_STAGE);
    await copyIn(tx, 'move_stage', batch.staged());
    await tx.execute('analyze pg_temp.move_stage');
    await tx.query('select match.hold_epochs()'); // until this commits, no epoch is closed
    const warned = await refuseWarned(tx, memberId);
    const [current] = await tx.query<{ epoch: string | null; open: boolean | null }>(CURRENT);
    const epoch = current?.open === true ? current.epoch : '-1';
    const skipped = (await tx.query<{ id: string }>(MOVE_STAGED, [memberId, publicationId, epoch])).map((row) => row.id);
    const taken = batch.taken - warned.length;
    if (skipped.length === 0) return { accepted: taken, known: [], refused: warned };
    const rows = await tx.query<Skipped>(EXPLAIN_SKIPPED, [memberId, skipped, epoch]);
    const known = rows.flatMap((row): [string, string][] => (row.open && row.live && row.known !== null ? [[row.id, row.known]] : []));
    const settled = new Set(known.map(([id]) => id));
    return { accepted: taken - skipped.length, known, refused: [...warned, ...rows.filter(({ id }) => !settled.has(id)).map(refusalOf)] };
  }
}

async function refuseWarned(tx: Tx, memberId: MemberId): Promise<RefusedClue[]> {
  const warned = await tx.query<{ id: string; list: string }>(WARNED);
  if (warned.length === 0) return [];
  const rows = await tx.query<{ id: string }>(REFUSE_WARNED, [memberId, warned.map(({ id }) => id), warned.map(({ list }) => list)]);
  return rows.map(({ id }) => ({ clueId: id, line: 0, code: 'POLICY_FORBIDS', field: 'role' }));
}

function refusalOf({ id, open, mine, live, sameKind }: Skipped): RefusedClue {
  const refused = (code: RefusedClue['code'], field: string): RefusedClue => ({ clueId: id, line: 0, code, field });
  if (!open) return refused('EPOCH_NOT_OPEN', 'epoch');
  if (!mine) return refused('NOT_FOUND', 'clueId');
  if (!live) return refused('STATE_CONFLICT', 'clueId');
  return sameKind ? refused('STATE_CONFLICT', 'epoch') : refused('BAD_INPUT', 'kindVersion');
}

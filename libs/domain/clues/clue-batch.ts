/**
 * Gathers the clues of one chunk or batch: judges each as it arrives and keeps only its COPY text, so that a chunk costs a few megabytes
 * whatever its form was. Nothing here is believed by the database: columns have types, checks and policies of their own.
 */
import { isUuid } from '#kernel';
import { TEXT_DAYS_MAX } from '#protocol';
import { isMatchable, judgeClue, lifetimeDays } from './clue.policy.js';
import { isRefusal, readClue, readMove } from './clue-shape.policy.js';
import type { ClueMove, ClueStatement, RefusedClue, Refusal } from './clue.model.js';

const PIECE_CHARACTERS = 128 * 1024;

/** Columns of the staging table of moves, in the order of `MoveBatch.row`. */
export const MOVE_COLUMNS = 'clue_id uuid, epoch bigint, kind text, kind_version int, detail bytea, forms int, kinds text[], tokens text, bands text';

/** Columns of the staging table, in the order of `stageRow`. */
export const STAGE_COLUMNS = `clue_id uuid, epoch bigint, kind text, kind_version int, category text, means text[], role text, level smallint, purpose text,
  basis_code text, basis_law text, basis_article text, tlp text, first_seen timestamptz, last_seen timestamptz, approver text, authority_reference text,
  evidence text[], detail bytea, revision int, days int, matchable boolean, forms int, kinds text[], tokens text, bands text`;

export abstract class StagedBatch<T extends { readonly clueId: string }> {
  readonly refused: RefusedClue[] = [];
  received = 0;
  private readonly seen = new Set<string>();
  private readonly pieces: Buffer[] = [];
  private text = '';

  /** One item as it came, parsed but unread. */
  add(value: unknown): void {
    this.received++;
    const taken = this.judge(value);
    if ('field' in taken) return this.refuse(taken, clueIdOf(value));
    if (this.seen.has(taken.clueId)) return this.refuse({ code: 'ALREADY_EXISTS', field: 'clueId' }, taken.clueId);
    this.seen.add(taken.clueId);
    this.text += this.row(taken);
    if (this.text.length > PIECE_CHARACTERS) this.flush();
  }

  protected abstract judge(value: unknown): T | Refusal;
  /** COPY text of one item. */
  protected abstract row(item: T): string;

  /** A line that is no JSON. */
  addUnreadable(): void {
    this.received++;
    this.refuse({ code: 'BAD_INPUT', field: 'line' }, null);
  }

  /** COPY text of the clues taken. */
  staged(): readonly Buffer[] {
    this.flush();
    return this.pieces;
  }

  get taken(): number {
    return this.seen.size;
  }

  private refuse(refusal: Refusal, clueId: string | null): void {
    this.refused.push({ clueId, line: this.received, ...refusal });
  }

  private flush(): void {
    if (this.text.length > 0) this.pieces.push(Buffer.from(this.text, 'utf8'));
    this.text = '';
  }
}

/** Clues to be published. */
export class ClueBatch extends StagedBatch<ClueStatement> {
  constructor(private readonly now: Date) {
    super();
  }

  protected judge(value: unknown): ClueStatement | Refusal {
    const clue = readClue(value);
    return isRefusal(clue) ? clue : judgeClue(clue, this.now) ?? clue;
  }

  protected row(clue: ClueStatement): string {
    return stageRow(clue);
  }
}

/** Own clues that get tokens of a later epoch. */
export class MoveBatch extends StagedBatch<ClueMove> {
  protected judge(value: unknown): ClueMove | Refusal {
    return readMove(value);
  }

  protected row({ clueId, epoch, kind, kindVersion, forms, detail, bands }: ClueMove): string {
    const kinds = forms.map((form) => form.kind).join();
    const tokens = forms.map((form) => form.token).join('');
    return `${clueId}\t${epoch}\t${kind}\t${kindVersion}\t${bytes(detail)}\t${forms.length}\t{${kinds}}\t${tokens}\t${bandsText(bands)}\n`;
  }
}

function clueIdOf(value: unknown): string | null {
  const id = typeof value === 'object' && value !== null ? (value as { clueId?: unknown }).clueId : null;
  return isUuid(id) ? id : null;
}

/** COPY text format (PostgreSQL, COPY, "Text Format"). Only the free texts can hold a character that needs escaping. */
function stageRow(clue: ClueStatement): string {
  const { legalBasis: basis } = clue;
  let kinds = '';
  let tokens = '';
  for (const form of clue.forms) {
    kinds += kinds === '' ? form.kind : `,${form.kind}`;
    tokens += form.token;
  }
  return `${clue.clueId}\t${clue.epoch}\t${clue.kind}\t${clue.kindVersion}\t${clue.category}\t{${clue.means.join(',')}}\t${clue.role}\t${clue.level.slice(1)}\t${clue.purpose}\t`
    + `${basis.code}\t${text(basis.law)}\t${text(basis.article)}\t${clue.tlp}\t${clue.firstSeen}\t${clue.lastSeen}\t${text(clue.approver)}\t${text(clue.authorityReference)}\t`
    + `{${clue.evidence.join(',')}}\t${bytes(clue.detail)}\t${clue.revision}\t${daysOf(clue)}\t`
    + `${isMatchable(clue.role) ? 't' : 'f'}\t${clue.forms.length}\t{${kinds}}\t${tokens}\t${bandsText(clue.bands)}\n`;
}

/** Bands show the hub how near texts are to one another: they stay no longer than that takes. */
function daysOf({ level, bands }: ClueStatement): number {
  return bands === null ? lifetimeDays(level) : Math.min(lifetimeDays(level), TEXT_DAYS_MAX);
}

function bandsText(bands: readonly string[] | null): string {
  return bands === null ? '\\N' : bands.join('');
}

function bytes(base64url: string | null): string {
  return base64url === null ? '\\N' : `\\\\x${Buffer.from(base64url, 'base64url').toString('hex')}`;
}

function text(value: string | null | undefined): string {
  if (value === null || value === undefined) return '\\N';
  return value.replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c] ?? c);
}

/**
 * Rows are dealt with in windows: what one batch of evaluations covers, what one chunk carries, and what one write of
 * the vault records. A second spelling of an indicator (in the file, in a window under way, or in the vault) becomes a
 * further row of the same clue. Holds a few windows in memory, never a file.
 */
import { v7 as uuidV7 } from 'uuid';
import { uuidV7Time, type ClueId } from '#kernel';
import { TEXT_BAND_KIND } from '#indicators';
import type { TokenInput } from '../tokenise/tokeniser.js';
import { vaultKey, type Vault } from '../vault/vault.js';
import type { RowRef } from '../vault/vault-records.js';
import type { Candidate, Intake, LocalRow } from './row-intake.js';
import type { RowReject } from './row-reject.js';

export const WINDOW_FORMS_MAX = 4096;
/** Four windows are under way at once: with 1024 forms each an agent grew past 200 MB (docs/benchmarks.md). */
export const WINDOW_FORMS_DEFAULT = 512;
const BLOCK_ROWS = 512;
/** A file of known or refused rows still moves its resume point. */
const WINDOW_ROWS_PER_FORM = 4;

export interface PendingClue {
  readonly clueId: ClueId;
  readonly candidate: Candidate;
  readonly indexKey: string;
  /** Latest date among the window's spellings. */
  lastSeen: string;
}
export interface FormSlot {
  readonly form: TokenInput;
  /** Key under which the token of a weak form or a band is kept; null for exact forms. */
  readonly weakKey: string | null;
}
export interface PublishWindow {
  readonly number: number;
  /** Rows of the file that are dealt with once this window is. */
  rowsDone: number;
  readonly clues: PendingClue[];
  readonly rows: RowRef[];
  readonly locals: LocalRow[];
  readonly rejects: RowReject[];
  readonly slots: FormSlot[];
  /** index key of a form -> its place in `slots`. */
  readonly slotOf: Map<string, number>;
  /** `kind value` of a form -> its index key. */
  readonly keyOf: Map<string, string>;
  /** index key of a weak form -> token the vault holds already. */
  readonly knownWeak: Map<string, string>;
  repeated: number;
  knownBefore: number;
  committed: boolean;
}

export interface WindowSource {
  readonly intakes: AsyncIterable<Intake>;
  readonly vault: Pick<Vault, 'getMany' | 'keys'>;
  readonly epoch: number;
  /** Epochs in which the vault has clues that may not have been moved yet. */
  readonly formerEpochs?: readonly number[];
  readonly fileId: string;
  readonly startedAtMs: number;
  readonly firstWindow: number;
  readonly rowsDone: number;
  readonly maxForms: number;
}

export class WindowBuilder {
  /** Exact forms of windows that are not in the vault yet. */
  private readonly underWay = new Map<string, PendingClue>();
  private readonly open: PublishWindow[] = [];
  /** Index keys of the block under way. */
  private readonly keys = new Map<string, string>();
  private current: PublishWindow;

  constructor(private readonly source: WindowSource) {
    this.current = this.newWindow(source.firstWindow, source.rowsDone);
  }

  async *windows(): AsyncGenerator<PublishWindow> {
    for await (const block of blocksOf(this.source.intakes)) {
      this.forgetCommitted();
      this.keys.clear();
      const found = await this.lookUp(block);
      for (const intake of block) {
        if (this.isFull(intake)) yield this.next();
        this.take(intake, found);
      }
    }
    if (this.current.rowsDone > this.source.rowsDone || this.open.length > 0) yield this.next();
  }

  private next(): PublishWindow {
    const window = this.current;
    this.open.push(window);
    this.current = this.newWindow(window.number + 1, window.rowsDone);
    return window;
  }

  /** Only before a look-up: what is forgotten here is found there. */
  private forgetCommitted(): void {
    while (this.open[0]?.committed) for (const { indexKey } of this.open.shift()!.clues) this.underWay.delete(indexKey);
  }

  private isFull(intake: Intake): boolean {
    const forms = 'candidate' in intake ? inputsOf(intake.candidate).length : 0;
    const rows = this.current.rows.length + this.current.rejects.length + this.current.locals.length;
    return this.current.slots.length + forms > this.source.maxForms || rows >= this.source.maxForms * WINDOW_ROWS_PER_FORM;
  }

  private take(intake: Intake, found: ReadonlyMap<string, string>): void {
    const window = this.current;
    window.rowsDone += 1;
    if ('reject' in intake) window.rejects.push(intake.reject);
    else if ('local' in intake) window.locals.push(intake.local);
    else this.takeCandidate(window, intake.candidate, found);
  }

  private takeCandidate(window: PublishWindow, candidate: Candidate, found: ReadonlyMap<string, string>): void {
    const { line, row } = candidate;
    const indexKey = this.indexOf(candidate.forms[0]);
    const pending = this.underWay.get(indexKey);
    const known = pending?.clueId ?? (found.get(vaultKey.exact(indexKey)) as ClueId | undefined);
    const clueId = known ?? (uuidV7() as ClueId);
    window.rows.push({ clueId, fileId: this.source.fileId, line, row });
    if (known !== undefined) {
      if (pending && candidate.firstSeen > pending.lastSeen) pending.lastSeen = candidate.firstSeen;
      if (pending || (uuidV7Time(known) ?? 0) >= this.source.startedAtMs) window.repeated += 1;
      else window.knownBefore += 1;
      return;
    }
    const clue: PendingClue = { clueId, candidate, indexKey, lastSeen: candidate.firstSeen };
    this.underWay.set(indexKey, clue);
    window.clues.push(clue);
    inputsOf(candidate).forEach((input, i) => this.addSlot(window, input, i > 0, found));
  }

  private addSlot(window: PublishWindow, form: TokenInput, weak: boolean, found: ReadonlyMap<string, string>): void {
    const key = this.indexOf(form);
    window.keyOf.set(`${form.kind} ${form.value}`, key);
    if (window.slotOf.has(key)) return;
    const token = weak ? found.get(vaultKey.weak(this.source.epoch, key))?.slice(0, 32) : undefined;
    if (token !== undefined) { window.knownWeak.set(key, token); return; }
    window.slotOf.set(key, window.slots.length);
    window.slots.push({ form: { kind: form.kind, value: form.value }, weakKey: weak ? vaultKey.weak(this.source.epoch, key) : null });
  }

  private async lookUp(block: readonly Intake[]): Promise<Map<string, string>> {
    const keys = block.flatMap((intake) => ('candidate' in intake ? inputsOf(intake.candidate).map((input, i) => (i === 0 ? vaultKey.exact(this.indexOf(input)) : vaultKey.weak(this.source.epoch, this.indexOf(input)))) : []));
    const values = await this.source.vault.getMany(keys);
    const found = new Map(keys.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]] as const])));
    for (const [key, clueId] of await this.lookUpBefore(block)) if (!found.has(key)) found.set(key, clueId);
    return found;
  }

  /** Clues that wait in an earlier epoch to be moved: a row that names one stands for it, and is not published a second time. */
  private async lookUpBefore(block: readonly Intake[]): Promise<(readonly [key: string, clueId: string])[]> {
    const { vault, formerEpochs = [] } = this.source;
    const places = formerEpochs.flatMap((epoch) => block.flatMap((intake) => {
      if (!('candidate' in intake)) return [];
      const [{ kind, value }] = intake.candidate.forms;
      return [{ now: vaultKey.exact(this.indexOf({ kind, value })), before: vaultKey.exact(vault.keys.indexOf(epoch, kind, value)) }];
    }));
    const clueIds = await vault.getMany(places.map(({ before }) => before));
    return places.flatMap(({ now }, i) => (clueIds[i] === undefined ? [] : [[now, clueIds[i]] as const]));
  }

  private indexOf({ kind, value }: TokenInput): string {
    const name = `${kind} ${value}`;
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const key = this.source.vault.keys.indexOf(this.source.epoch, kind, value);
    this.keys.set(name, key);
    return key;
  }

  private newWindow(number: number, rowsDone: number): PublishWindow {
    return { number, rowsDone, clues: [], rows: [], locals: [], rejects: [], slots: [], slotOf: new Map(), keyOf: new Map(), knownWeak: new Map(), repeated: 0, knownBefore: 0, committed: false };
  }
}

/** The exact form first; weak forms and bands are kept alike, since many clues share them. */
export function inputsOf({ forms, bands }: Pick<Candidate, 'forms' | 'bands'>): readonly TokenInput[] {
  return bands.length === 0 ? forms : [...forms, ...bands.map((value) => ({ kind: TEXT_BAND_KIND, value }))];
}

async function* blocksOf(intakes: AsyncIterable<Intake>): AsyncGenerator<Intake[]> {
  let block: Intake[] = [];
  for await (const intake of intakes) {
    block.push(intake);
    if (block.length >= BLOCK_ROWS) { yield block; block = []; }
  }
  if (block.length > 0) yield block;
}

/**
 * Re-tokenising from the vault: every published clue of an earlier epoch gets tokens of the current one, from the value that the vault
 * holds, without the file it came from (docs/protocol/epochs.md). Resumable like a publication: a window's new tokens and the bytes that
 * carry them are one write; what was recorded before a kill is sent as it was. Memory holds a few windows, whatever the vault's size.
 */
import { v7 as uuidV7 } from 'uuid';
import { canonicalBytes, DomainError, type ClueId, type ErrorCode } from '#kernel';
import { PADDING_BULK } from '#crypto';
import { kindVersion, normalise, isIndicatorKind, TEXT_BAND_KIND, type Form } from '#indicators';
import { TEXT_BANDS } from '#protocol';
import { renewWarnings, type WarningsGiven } from '../brands/warned-tokens.js';
import type { PartyHome } from '../keys/party-home.js';
import { collectGarbage } from '../tokenise/collect-garbage.js';
import { Tokeniser, inlineRunner, threadRunner, type TokenInput } from '../tokenise/index.js';
import { DOCUMENTS } from '../transport/documents.js';
import type { FalseHolder } from '../transport/false-holders.js';
import { HubClient } from '../transport/hub-client.js';
import { del, put, vaultKey, type Vault, type Write } from '../vault/vault.js';
import type { ClueRecord, FastVerdict, MoveCounts, MoveRecord, RowRef, SealedClue, VaultForm } from '../vault/vault-records.js';
import { ChunkSender, linesOf } from './chunk-sender.js';
import { assertSameIndicator, type ChunkAnswer } from './chunk-answer.js';
import { inputsOf } from './publish-window.js';
import { realChance } from '../transport/retry.js';

export interface MoveOptions {
  /** Forms a window, 64 to 4096. */
  readonly chunk: number;
  readonly onProgress: (progress: { readonly done: number; readonly total: number; readonly counts: MoveCounts }) => void;
  readonly onFalseHolder: (found: FalseHolder) => void;
}
export interface MoveSummary {
  readonly epoch: number;
  readonly publicationId: string | null;
  readonly resumed: boolean;
  readonly counts: MoveCounts;
  readonly seconds: number;
  /** When clues that stay behind stop meeting others: the end of the overlap, an instant; null when the hub does not tell. */
  readonly formerEndsAt: string | null;
  /** Warned tokens, given anew in this epoch by who gave them in one before; null when there was nothing to give. */
  readonly warnings: WarningsGiven | null;
  /** Batches of fast mode that were evaluated again with proofs, and why. */
  readonly failedChecks: readonly FastVerdict[];
  /** Key-holders that answered falsely: left out, nothing of theirs was used. */
  readonly falseHolders: readonly FalseHolder[];
}

const NO_COUNTS: MoveCounts = { clues: 0, moved: 0, alreadyKnown: 0, refused: 0, withoutValue: 0, byCode: {} };
/** Below this, threads cost more than they give. */
const THREADS_FROM = 200;
const UPLOADS_UNDER_WAY = 2;
/** A text: itself and its bands. */
const INPUTS_OF_CLUE_MAX = 1 + TEXT_BANDS;

interface Moving {
  readonly clueId: string;
  readonly record: ClueRecord;
  readonly sealed: SealedClue;
  readonly forms: readonly [Form, ...Form[]];
  /** Of a text, which has them in the place of a detail. */
  readonly bands: readonly string[];
  readonly kindVersion: string;
}
interface MoveWindow {
  readonly clues: readonly Moving[];
  readonly lastClue: string;
  readonly counts: MoveCounts;
}

/** @throws KEY_NOT_TRUSTED, BUDGET_EXHAUSTED, EPOCH_NOT_OPEN, UNREACHABLE and others, resumably */
export async function moveClues(home: PartyHome, vault: Vault, options: MoveOptions): Promise<MoveSummary> {
  const startedMs = realChance.now();
  const total = await countEarlier(vault, Number.MAX_SAFE_INTEGER);
  const runner = total > THREADS_FROM ? threadRunner() : inlineRunner();
  try {
    const tokeniser = await Tokeniser.open(home, vault, runner, options);
    const hub = new HubClient(home);
    const formerEndsAt = await assertCurrent(hub, tokeniser.epoch);
    const warnings = await renewWarnings(home, vault, hub, tokeniser);
    const run = await MoveRun.begin(vault, hub, tokeniser, options, await countEarlier(vault, tokeniser.epoch));
    if (run === null) return { epoch: tokeniser.epoch, publicationId: null, resumed: false, counts: NO_COUNTS, seconds: 0, formerEndsAt, warnings, failedChecks: [], falseHolders: tokeniser.falseHolders };
    await run.run();
    const { publicationId, counts } = run.record;
    const { failedChecks, falseHolders } = tokeniser;
    return { epoch: tokeniser.epoch, publicationId, resumed: run.resumed, counts, seconds: (realChance.now() - startedMs) / 1000, formerEndsAt, warnings, failedChecks, falseHolders };
  } finally {
    await runner.close();
  }
}

class MoveRun {
  private readonly uploads = new Set<Promise<void>>();
  private uploadFailure: unknown = null;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly sender: ChunkSender;

  private constructor(
    private readonly vault: Vault, hub: HubClient, private readonly tokeniser: Tokeniser, private readonly options: MoveOptions,
    private readonly total: number, private current: MoveRecord, readonly resumed: boolean,
  ) {
    this.sender = new ChunkSender(hub, current.publicationId);
  }

  /** Null when nothing is left in an earlier epoch and nothing is under way. */
  static async begin(vault: Vault, hub: HubClient, tokeniser: Tokeniser, options: MoveOptions, total: number): Promise<MoveRun | null> {
    const { epoch } = tokeniser;
    const text = await vault.get(vaultKey.move(epoch));
    const before = text === undefined ? null : (JSON.parse(text) as MoveRecord);
    if (before?.state === 'RUNNING') return new MoveRun(vault, hub, tokeniser, options, total + before.counts.moved, before, true);
    if (total === 0) return null;
    const record: MoveRecord = { publicationId: uuidV7(), epoch, startedAt: new Date().toISOString(), state: 'RUNNING', afterClue: '', nextWindow: 0, nextChunk: 0, counts: NO_COUNTS };
    await vault.write([put(vaultKey.move(epoch), record)]);
    return new MoveRun(vault, hub, tokeniser, options, total, record, false);
  }

  get record(): MoveRecord {
    return this.current;
  }

  async run(): Promise<void> {
    try {
      for (const seq of await this.vault.pendingChunks(this.current.publicationId)) await this.send(seq);
      for await (const window of this.windows()) {
        const seq = await this.commit(window);
        if (seq !== null) await this.startUpload(seq);
        if (this.total > THREADS_FROM) collectGarbage();
        this.options.onProgress({ done: this.current.counts.clues, total: this.total, counts: this.current.counts });
      }
      await Promise.all(this.uploads);
      if (this.uploadFailure !== null) throw this.uploadFailure;
      if (this.current.nextChunk > 0) await this.sender.finish(this.current.nextChunk);
      await this.update({ state: 'FINISHED' }, []);
      await this.vault.forgetBatches(this.current.publicationId);
    } finally {
      await Promise.allSettled(this.uploads);
    }
  }

  /** In order of clue id, as they stood when the run began or went on. */
  private async *windows(): AsyncGenerator<MoveWindow> {
    let clues: Moving[] = [];
    let forms = 0;
    let counts = NO_COUNTS;
    let lastClue = '';
    const after = this.current.afterClue === '' ? undefined : vaultKey.clue(this.current.afterClue);
    for await (const [key, text] of this.vault.entries('c/', after)) {
      const record = JSON.parse(text) as ClueRecord;
      lastClue = key.slice('c/'.length);
      if (record.state !== 'PUBLISHED' || record.epoch >= this.tokeniser.epoch) continue;
      const moving = this.judge(lastClue, record);
      counts = 'code' in moving ? stayed(counts, moving.code) : { ...counts, clues: counts.clues + 1 };
      if ('code' in moving) continue;
      clues.push(moving);
      forms += inputsOf(moving).length;
      if (forms < this.options.chunk - INPUTS_OF_CLUE_MAX) continue;
      yield { clues, lastClue, counts };
      [clues, forms, counts] = [[], 0, NO_COUNTS];
    }
    if (lastClue !== '') yield { clues, lastClue, counts };
  }

  /** The value as the normaliser of today reads it, or why it stays. */
  private judge(clueId: string, record: ClueRecord): Moving | { readonly code: string } {
    const sealed = this.vault.openClue(clueId, record);
    if (sealed === null) return { code: 'RAW_VALUE_MISSING' };
    if (!isIndicatorKind(record.kind)) return { code: 'KIND_UNKNOWN' };
    const read = normalise(record.kind, sealed.raw);
    if ('reject' in read) return { code: read.reject.code };
    return { clueId, record, sealed, forms: read.forms, bands: read.bands ?? [], kindVersion: kindVersion(record.kind) };
  }

  private async commit(window: MoveWindow): Promise<number | null> {
    if (window.clues.length === 0) { await this.update({ afterClue: window.lastClue }, [], window.counts); return null; }
    const { epoch } = this.tokeniser;
    const { publicationId, nextWindow, nextChunk } = this.current;
    const slots = new Map<string, number>();
    const weak = new Map<string, TokenInput>();
    const inputs = window.clues.flatMap((clue) => inputsOf(clue).map((input, i) => ({ input, exact: i === 0 }))).flatMap(({ input: { kind, value }, exact }) => {
      const name = nameOf({ kind, value });
      if (!exact) weak.set(name, { kind, value });
      if (slots.has(name)) return [];
      slots.set(name, slots.size);
      return [{ kind, value }];
    });
    const slotOf = (input: TokenInput): number => slots.get(nameOf(input))!;
    const detailed = window.clues.filter(({ bands }) => bands.length === 0);
    const { tokens, sealed, verified } = await this.tokeniser.tokenise({
      forms: inputs, padTo: PADDING_BULK, budget: 'publish', journal: { publicationId, window: nextWindow },
      seals: detailed.map((clue) => ({ position: slotOf(clue.forms[0]), clueId: clue.clueId, detail: detailOf(clue) })),
    });
    const details = new Map(detailed.map(({ clueId }, i) => [clueId, sealed[i]!]));
    const moved = window.clues.map((clue) => ({ ...clue, tokens: formsOf(clue.forms, (form) => tokens[slotOf(form)]!) }));
    const lines = moved.map(({ clueId, kindVersion: version, tokens: forms, bands }) => ({
      clueId, epoch, kindVersion: version, forms, ...(bands.length === 0 ? { detail: details.get(clueId)! } : { bands: bands.map((value) => tokens[slotOf({ kind: TEXT_BAND_KIND, value })]!) }),
    }));
    await this.update({ afterClue: window.lastClue, nextWindow: nextWindow + 1, nextChunk: nextChunk + 1 }, [
      ...moved.flatMap((clue) => this.writesOf(clue)),
      ...[...weak.values()].map((input) => put(vaultKey.weak(epoch, this.vault.keys.indexOf(epoch, input.kind, input.value)), `${tokens[slotOf(input)]!}@${this.vault.keys.generation}`)),
      put(vaultKey.chunk(publicationId, nextChunk), { via: 'moves', clueIds: moved.map(({ clueId }) => clueId), body: await linesOf(lines) }),
      put(vaultKey.batch(publicationId, nextWindow), verified),
    ], window.counts);
    return nextChunk;
  }

  private writesOf({ clueId, record, forms, tokens, kindVersion: version }: Moving & { readonly tokens: readonly VaultForm[] }): Write[] {
    const { epoch } = this.tokeniser;
    const indexKey = this.vault.keys.indexOf(epoch, forms[0].kind, forms[0].value);
    return [
      put(vaultKey.clue(clueId), { ...record, epoch, kindVersion: version, forms: tokens, indexKey }),
      del(vaultKey.exact(record.indexKey)), put(vaultKey.exact(indexKey), clueId),
    ];
  }

  private async startUpload(seq: number): Promise<void> {
    while (this.uploads.size >= UPLOADS_UNDER_WAY) await Promise.race(this.uploads);
    if (this.uploadFailure !== null) throw this.uploadFailure;
    const upload = this.send(seq).catch((error: unknown) => { this.uploadFailure ??= error; }).finally(() => this.uploads.delete(upload));
    this.uploads.add(upload);
  }

  private async send(seq: number): Promise<void> {
    const { publicationId } = this.current;
    const answer = await this.sender.send(seq, (await this.vault.chunk(publicationId, seq))!);
    await this.inTurn(async () => {
      const { counts } = this.current;
      const next: MoveCounts = {
        ...counts, moved: counts.moved + answer.accepted, alreadyKnown: counts.alreadyKnown + answer.alreadyKnown, refused: counts.refused + answer.refused.length,
        byCode: answer.refused.reduce((codes, { code }) => ({ ...codes, [code]: (codes[code] ?? 0) + 1 }), { ...counts.byCode } as Record<string, number>),
      };
      await this.write({ counts: next }, [...await this.refusals(answer), ...await this.movesToKnown(answer.known), del(vaultKey.chunk(publicationId, seq))]);
    });
  }

  /** The hub does not know the clue as live any more: it is over here too. A closed epoch is another matter, and ends the run. */
  private async refusals({ refused }: ChunkAnswer): Promise<Write[]> {
    const closed = refused.find(({ code }) => code === 'EPOCH_NOT_OPEN');
    if (closed) throw new DomainError('EPOCH_NOT_OPEN', 'the hub does not take this epoch', { epoch: this.tokeniser.epoch });
    const records = await this.vault.clues(refused.map(({ clueId }) => clueId));
    return refused.flatMap(({ clueId, code }, i): Write[] => {
      const record = records[i];
      return record === undefined ? [] : [put(vaultKey.clue(clueId), { ...record, state: 'REFUSED', code: code as ErrorCode }), del(vaultKey.exact(record.indexKey))];
    });
  }

  /** Two own clues turned out to be one indicator (two vaults of one member): rows of this one speak for the other. */
  private async movesToKnown(known: ChunkAnswer['known']): Promise<Write[]> {
    const writes: Write[] = [];
    for (const [sent, existing] of known) {
      const record = await this.vault.clue(sent);
      if (record === undefined || sent === existing || await this.vault.clue(existing) === undefined) continue;
      await assertSameIndicator(this.vault, sent, record, existing);
      const rows: RowRef[] = await this.vault.rowsOf(sent as ClueId);
      writes.push(del(vaultKey.clue(sent)), put(vaultKey.exact(record.indexKey), existing),
        ...rows.flatMap((ref) => [del(vaultKey.row(ref)), put(vaultKey.row({ ...ref, clueId: existing as ClueId }), ref.row)]));
    }
    return writes;
  }

  /** @param counts what the window adds; answers to earlier chunks may count at the same time */
  private update(change: Partial<MoveRecord>, writes: readonly Write[], counts: MoveCounts = NO_COUNTS): Promise<void> {
    return this.inTurn(() => this.write({ ...change, counts: added(this.current.counts, counts) }, writes));
  }

  private async write(change: Partial<MoveRecord>, writes: readonly Write[]): Promise<void> {
    const next = { ...this.current, ...change };
    await this.vault.write([...writes, put(vaultKey.move(next.epoch), next)]);
    this.current = next;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Before any evaluation is paid for. @returns when the overlap with the epochs before ends @throws EPOCH_NOT_OPEN */
async function assertCurrent(hub: HubClient, epoch: number): Promise<string | null> {
  const { epochs } = await hub.graphql<{ epochs: { epoch: number; state: string; overlapUntil: string | null }[] }>(DOCUMENTS.epochs);
  const current = epochs.find((one) => one.epoch === epoch && one.state === 'CURRENT');
  if (current !== undefined) return current.overlapUntil;
  throw new DomainError('EPOCH_NOT_OPEN', 'not the current epoch of the hub', { epoch });
}

async function countEarlier(vault: Vault, epoch: number): Promise<number> {
  let count = 0;
  for await (const [, text] of vault.entries('c/')) {
    const record = JSON.parse(text) as ClueRecord;
    if (record.state === 'PUBLISHED' && record.epoch < epoch) count += 1;
  }
  return count;
}

function nameOf({ kind, value }: TokenInput): string {
  return `${kind} ${value}`;
}

function formsOf(forms: readonly Form[], tokenOf: (form: Form) => string): VaultForm[] {
  const all = forms.map((form): VaultForm => ({ kind: form.kind, strength: form.strength === 'exact' ? 'EXACT' : 'WEAK', token: tokenOf(form) }));
  return all.filter(({ token }, i) => all.findIndex((other) => other.token === token) === i);
}

/** As it was when the clue was published; means and level only where the vault kept them. */
function detailOf({ record, sealed, forms }: Moving): Uint8Array {
  const { firstSeen, channel, means, level } = sealed;
  return canonicalBytes({ v: 1, kind: record.kind, value: forms[0].value, firstSeen, channel, category: record.category, ...(means ? { means: [...means] } : {}), ...(level ? { level } : {}) });
}

function stayed(counts: MoveCounts, code: string): MoveCounts {
  return {
    ...counts, clues: counts.clues + 1, withoutValue: counts.withoutValue + (code === 'RAW_VALUE_MISSING' ? 1 : 0),
    byCode: { ...counts.byCode, [code]: (counts.byCode[code] ?? 0) + 1 },
  };
}

function added(a: MoveCounts, b: MoveCounts): MoveCounts {
  const codes = { ...a.byCode };
  for (const [code, n] of Object.entries(b.byCode)) codes[code] = (codes[code] ?? 0) + n;
  return {
    clues: a.clues + b.clues, moved: a.moved + b.moved, alreadyKnown: a.alreadyKnown + b.alreadyKnown, refused: a.refused + b.refused,
    withoutValue: a.withoutValue + b.withoutValue, byCode: codes,
  };
}

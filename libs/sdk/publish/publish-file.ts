/**
 * The first journey: a CSV of raw indicators becomes clues. Read and judged whole, normalised, tokenised
 * in windows, recorded in the vault with the bytes that carry them, then sent. Whatever was recorded before a kill is
 * sent again as it was; the file goes on where the vault says. Memory holds a few windows, whatever the file's size.
 */
import { v7 as uuidV7 } from 'uuid';
import { DomainError, type PublicationId } from '#kernel';
import { PADDING_BULK } from '#crypto';
import { TEXT_BAND_KIND, type BrandIndex } from '#indicators';
import { loadBrandIndex } from '../brands/brand-registry.js';
import { ImitationTally, type ImitatedBrand } from '../brands/imitation-tally.js';
import { openSourceFile, readRows, type InputOptions, type SourceFile } from '../input/source-file.js';
import type { PartyHome } from '../keys/party-home.js';
import { collectGarbage } from '../tokenise/collect-garbage.js';
import { Tokeniser, inlineRunner, threadRunner, type TokenInput } from '../tokenise/index.js';
import type { FalseHolder } from '../transport/false-holders.js';
import { HubClient } from '../transport/hub-client.js';
import { realChance } from '../transport/retry.js';
import { put, vaultKey, type Vault } from '../vault/vault.js';
import type { FastVerdict, PublicationCounts, PublicationRecord, VaultForm } from '../vault/vault-records.js';
import { ChunkSender, GRAPHQL_ROWS_MAX, chunkOf, type PublicationStatus } from './chunk-sender.js';
import { clueStatementOf, detailOf } from './clue-statement.js';
import type { Profile } from './profile.js';
import { NO_COUNTS, PublicationLedger, type WindowOutcome } from './publication-ledger.js';
import { WINDOW_FORMS_MAX, WindowBuilder, type PublishWindow } from './publish-window.js';
import { RejectsFile } from './rejects-file.js';
import { takeIn, type Intake } from './row-intake.js';

import { StageClock } from './stage-clock.js';

export interface PublishOptions {
  readonly file: string;
  readonly input: InputOptions;
  readonly profile: Profile;
  readonly rejectsFile: string | null;
  /** Forms a window, 64 to 4096. */
  readonly chunk: number;
  /** How long to wait for the hub's matching; null = do not. */
  readonly waitMs: number | null;
  readonly language: 'zh' | 'en';
  /** Tell the owners of imitated brands, sealed to their keys. */
  readonly alertBrands: boolean;
  readonly onProgress: (progress: PublishProgress) => void;
  readonly onFalseHolder: (found: FalseHolder) => void;
}
export interface PublishProgress {
  readonly publicationId: string;
  readonly resumed: boolean;
  readonly totalRows: number;
  readonly counts: PublicationCounts;
}
export interface PublishSummary {
  readonly publicationId: string;
  readonly file: string;
  readonly encoding: string;
  readonly resumed: boolean;
  readonly epoch: number;
  readonly counts: PublicationCounts;
  /** Rows whose clue stands at the hub: new, repeated or known before. */
  readonly acceptedRows: number;
  /** Own rows that overlap once the hub has matched; null when it was not waited for. */
  readonly overlapsAtOnce: number | null;
  /** Batches of fast mode that were evaluated again with proofs, and why. */
  readonly failedChecks: readonly FastVerdict[];
  /** Key-holders that answered falsely: left out, nothing of theirs was used. */
  readonly falseHolders: readonly FalseHolder[];
  /** Rows that imitate a brand, one entry a brand. */
  readonly imitated: readonly ImitatedBrand[];
  readonly stages: readonly { readonly name: 'normalise' | 'tokenise' | 'upload' | 'match' | 'total'; readonly seconds: number }[];
}

const MATCH_POLL_MAX_MS = 2_000;

/** @throws FILE_UNREADABLE, HEADER_INVALID, PAYLOAD_TOO_LARGE before anything is sent; UNREACHABLE and others resumably */
export async function publishFile(home: PartyHome, vault: Vault, options: PublishOptions): Promise<PublishSummary> {
  const source = await openSourceFile(options.file, options.input);
  const runner = source.rows > GRAPHQL_ROWS_MAX ? threadRunner() : inlineRunner();
  try {
    const hub = new HubClient(home);
    await sendLeftovers(vault, hub, source, options.language);
    const brands = await loadBrandIndex(home);
    return await new PublishRun(home, vault, hub, source, options, await Tokeniser.open(home, vault, runner, options), brands).run();
  } finally {
    await runner.close();
  }
}

/**
 * What interrupted publications recorded counts as published in the vault: it goes out before anything else. One of
 * another file (or of this file before it was edited) is closed: its remaining rows come with whatever file they are in.
 */
async function sendLeftovers(vault: Vault, hub: HubClient, { fileId }: SourceFile, language: 'zh' | 'en'): Promise<void> {
  for (const record of await vault.publications()) {
    if (record.state !== 'RUNNING') continue;
    const ledger = new PublicationLedger(vault, record, null, language);
    const sender = new ChunkSender(hub, record.publicationId);
    for (const seq of await vault.pendingChunks(record.publicationId)) await ledger.acknowledge(seq, await sender.send(seq, (await vault.chunk(record.publicationId, seq))!));
    if (record.fileId === fileId && record.restored !== true) continue;
    // After a restore the hub may hold more chunks than are known here.
    await (record.restored === true ? sender.finish(null).catch(ignoreUnknown) : finishBulk(sender, ledger.record));
    await ledger.finish();
    await vault.forgetBatches(record.publicationId);
  }
}

class PublishRun {
  private readonly clock = new StageClock();
  private readonly uploads = new Set<Promise<void>>();
  private uploadFailure: unknown = null;
  private readonly imitations = new ImitationTally();

  constructor(
    private readonly home: PartyHome, private readonly vault: Vault, private readonly hub: HubClient,
    private readonly source: SourceFile, private readonly options: PublishOptions, private readonly tokeniser: Tokeniser, private readonly brands: BrandIndex,
  ) {}

  async run(): Promise<PublishSummary> {
    this.clock.enter('total');
    const { record, resumed } = await this.resumeOrBegin();
    const sender = new ChunkSender(this.hub, record.publicationId);
    await assertReachable(sender);
    const rejects = this.options.rejectsFile === null ? null : await RejectsFile.open(this.options.rejectsFile, record.rejectsBytes);
    const ledger = new PublicationLedger(this.vault, record, rejects, this.options.language);
    try {
      await this.dealWithRows(ledger, sender, resumed);
      const match = await this.finishAtHub(ledger, sender);
      const imitated = await this.imitations.finish(this.home, this.hub, this.options.alertBrands);
      this.clock.leave('total');
      return { ...this.summary(ledger.record, resumed, match), imitated };
    } finally {
      await Promise.allSettled(this.uploads);
      await rejects?.close();
    }
  }

  private async resumeOrBegin(): Promise<{ record: PublicationRecord; resumed: boolean }> {
    const { fileId, name } = this.source;
    const { digest } = this.options.profile;
    const running = (await this.vault.publications()).find((old) => old.state === 'RUNNING' && old.restored !== true && old.fileId === fileId && old.profileDigest === digest && old.epoch === this.tokeniser.epoch);
    if (running) return { record: running, resumed: true };
    const record: PublicationRecord = {
      publicationId: uuidV7() as PublicationId, fileId, fileName: name, profileDigest: digest, epoch: this.tokeniser.epoch, startedAt: new Date().toISOString(),
      state: 'RUNNING', rowsDone: 0, nextWindow: 0, nextChunk: 0, hubPublicationId: null, rejectsBytes: 0, counts: NO_COUNTS,
    };
    await this.vault.write([put(vaultKey.publication(record.publicationId), record)]);
    return { record, resumed: false };
  }

  /** Several windows are evaluated at once; they are recorded in the file's order. */
  private async dealWithRows(ledger: PublicationLedger, sender: ChunkSender, resumed: boolean): Promise<void> {
    const { record } = ledger;
    const builder = new WindowBuilder({
      intakes: this.intakes(record.rowsDone), vault: this.vault, epoch: this.tokeniser.epoch, formerEpochs: await this.formerEpochs(), fileId: this.source.fileId,
      startedAtMs: Date.parse(record.startedAt), firstWindow: record.nextWindow, rowsDone: record.rowsDone, maxForms: Math.min(this.options.chunk, WINDOW_FORMS_MAX),
    });
    const underWay: { window: PublishWindow; outcome: Promise<WindowOutcome> }[] = [];
    const commitOldest = async (): Promise<void> => {
      const { window, outcome } = underWay.shift()!;
      const seq = await ledger.commitWindow(window, await outcome);
      if (seq !== null) await this.startUpload(ledger, sender, seq);
      if (this.source.rows > GRAPHQL_ROWS_MAX) collectGarbage();
      this.options.onProgress({ publicationId: record.publicationId, resumed, totalRows: this.source.rows, counts: ledger.record.counts });
    };
    try {
      for await (const window of builder.windows()) {
        const outcome = this.outcomeOf(window, record.publicationId);
        outcome.catch(() => undefined); // judged when its turn comes
        underWay.push({ window, outcome });
        if (underWay.length >= WINDOWS_UNDER_WAY) await commitOldest();
      }
      while (underWay.length > 0) await commitOldest();
    } finally {
      await Promise.allSettled(underWay.map(({ outcome }) => outcome));
    }
    await Promise.all(this.uploads);
    if (this.uploadFailure !== null) throw this.uploadFailure;
  }

  private async formerEpochs(): Promise<number[]> {
    return [...new Set((await this.vault.publications()).map(({ epoch }) => epoch))].filter((epoch) => epoch < this.tokeniser.epoch);
  }

  private async *intakes(rowsDone: number): AsyncGenerator<Intake> {
    const rules = { profile: this.options.profile, policy: this.home.party.federationPolicy ?? 'standard', now: new Date(), valueKind: this.source.valueKind, brands: this.brands } as const;
    let skip = rowsDone;
    for await (const row of readRows(this.source)) {
      // What an interrupted run found near brands was not told yet.
      const dealtWith = skip > 0;
      if (dealtWith) skip -= 1;
      if (dealtWith && this.brands.brands.length === 0) continue;
      this.clock.enter('normalise');
      const intake = takeIn(row, rules);
      this.clock.leave('normalise');
      if ('candidate' in intake) this.imitations.add(intake.candidate);
      if (!dealtWith) yield intake;
    }
  }

  private async outcomeOf(window: PublishWindow, publicationId: string): Promise<WindowOutcome> {
    if (window.slots.length === 0) return { clues: [], weakTokens: [], chunk: null, journal: [] };
    const detailed = window.clues.filter(({ candidate }) => candidate.bands.length === 0);
    const { tokens, sealed, verified } = await this.clock.measure('tokenise', () => this.tokeniser.tokenise({
      forms: window.slots.map(({ form }) => form), padTo: PADDING_BULK, budget: 'publish', journal: { publicationId, window: window.number },
      seals: detailed.map((clue) => ({ position: window.slotOf.get(clue.indexKey)!, clueId: clue.clueId, detail: detailOf(clue.candidate) })),
    }));
    const details = new Map(detailed.map(({ clueId }, i) => [clueId, sealed[i]!]));
    const { epoch } = this.tokeniser;
    const clues = window.clues.map((clue) => {
      const { candidate, clueId, indexKey } = clue;
      const forms = this.formsOf(window, clue, tokens);
      const record = { kind: candidate.kind, kindVersion: candidate.kindVersion, epoch, forms, category: candidate.terms.category, indexKey };
      const kept = { raw: candidate.raw, canonical: candidate.forms[0].value, firstSeen: candidate.firstSeen, channel: candidate.channel, means: candidate.terms.means, level: candidate.terms.level };
      const detail = details.get(clueId);
      const content = detail === undefined ? { bands: bandsOf(window, clue, tokens) } : { detail };
      return { statement: clueStatementOf(clue, epoch, forms, content), stored: { clueId, record, sealed: kept } };
    });
    return {
      clues: clues.map(({ stored }) => stored),
      weakTokens: window.slots.flatMap(({ weakKey }, i) => (weakKey === null ? [] : [[weakKey, tokens[i]!] as const])),
      chunk: await chunkOf(this.source.rows > GRAPHQL_ROWS_MAX ? 'bulk' : 'graphql', clues.map(({ statement }) => statement)),
      journal: [put(vaultKey.batch(publicationId, window.number), verified)],
    };
  }

  private formsOf(window: PublishWindow, { candidate }: PublishWindow['clues'][number], tokens: readonly string[]): VaultForm[] {
    const forms = candidate.forms.map(({ strength, ...form }) => (
      { kind: form.kind, strength: strength === 'exact' ? 'EXACT' as const : 'WEAK' as const, token: tokenOf(window, form, tokens) }));
    return forms.filter(({ token }, i) => forms.findIndex((other) => other.token === token) === i);
  }

  private async startUpload(ledger: PublicationLedger, sender: ChunkSender, seq: number): Promise<void> {
    while (this.uploads.size >= UPLOADS_UNDER_WAY) await Promise.race(this.uploads);
    if (this.uploadFailure !== null) throw this.uploadFailure;
    const upload = this.clock.measure('upload', async () => ledger.acknowledge(seq, await sender.send(seq, (await this.vault.chunk(ledger.record.publicationId, seq))!)))
      .catch((error: unknown) => { this.uploadFailure ??= error; })
      .finally(() => this.uploads.delete(upload));
    this.uploads.add(upload);
  }

  private async finishAtHub(ledger: PublicationLedger, sender: ChunkSender): Promise<PublicationStatus | null> {
    await finishBulk(sender, ledger.record);
    await ledger.finish();
    if (ledger.record.nextChunk === 0) return null;
    if (this.options.waitMs === null) return null;
    return this.clock.measure('match', async () => {
      const deadline = realChance.now() + this.options.waitMs!;
      for (let pauseMs = 100; ; pauseMs = Math.min(MATCH_POLL_MAX_MS, pauseMs * 1.5)) {
        const status = await sender.status(ledger.record.hubPublicationId ?? ledger.record.publicationId);
        if (status.match === 'DONE' || realChance.now() > deadline) return status;
        await realChance.sleep(pauseMs);
      }
    });
  }

  private summary(record: PublicationRecord, resumed: boolean, match: PublicationStatus | null): Omit<PublishSummary, 'imitated'> {
    const { counts } = record;
    const { failedChecks, falseHolders } = this.tokeniser;
    const stages = (['normalise', 'tokenise', 'upload', 'match', 'total'] as const).map((name) => ({ name, seconds: this.clock.seconds(name) }));
    return {
      publicationId: record.publicationId, file: this.source.name, encoding: this.source.encoding, resumed, epoch: this.tokeniser.epoch, counts, failedChecks, falseHolders,
      acceptedRows: counts.rows - counts.rejected - counts.keptLocal - counts.refusedRows,
      overlapsAtOnce: match?.match === 'DONE' ? match.overlaps : null, stages,
    };
  }
}

function tokenOf(window: PublishWindow, { kind, value }: TokenInput, tokens: readonly string[]): string {
  const key = window.keyOf.get(`${kind} ${value}`)!;
  const slot = window.slotOf.get(key);
  return slot === undefined ? window.knownWeak.get(key)! : tokens[slot]!;
}

function bandsOf(window: PublishWindow, { candidate }: PublishWindow['clues'][number], tokens: readonly string[]): string[] {
  return candidate.bands.map((value) => tokenOf(window, { kind: TEXT_BAND_KIND, value }, tokens));
}

const WINDOWS_UNDER_WAY = 4;
const UPLOADS_UNDER_WAY = 2;

/** A publication of which nothing was sent before the backup does not exist at the hub. */
export function ignoreUnknown(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== 'NOT_FOUND') throw error;
}

/** A publication by mutation is finished by the hub itself. */
async function finishBulk(sender: ChunkSender, { nextChunk, hubPublicationId }: PublicationRecord): Promise<void> {
  if (nextChunk > 0 && hubPublicationId === null) await sender.finish(nextChunk);
}

/** A hub that is down is noticed before any evaluation is paid for. */
async function assertReachable(sender: ChunkSender): Promise<void> {
  try {
    await sender.status();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'NOT_FOUND') throw error;
  }
}

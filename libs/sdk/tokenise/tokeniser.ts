/**
 * From canonical forms to tokens: blind, have t key-holders evaluate, verify every proof, finalise (docs/protocol/README.md); or in
 * fast mode verify one check (docs/protocol/fast-mode.md). The journal entry of a batch is on disk before the batch is sent; no token
 * exists before its proofs, or its check, were accepted.
 */
import { randomBytes } from 'node:crypto';
import { encodeInput, fromBase64url, signDetached, signerOf, toBase64url, type PrivateJwk, type PreparedBatch, type Signer } from '#crypto';
import { DomainError } from '#kernel';
import { BATCH_TYP, batchStatement, type Budget, type EvaluationMode, type OprfRequest } from '#protocol';
import { EvidenceFolder } from '../evidence/evidence-folder.js';
import type { PartyHome } from '../keys/party-home.js';
import { HubClient } from '../transport/hub-client.js';
import { FalseAnswerError, type FalseHolder, FalseHolders } from '../transport/false-holders.js';
import { HoldersFailed, KeyHolderClient } from '../transport/key-holder-client.js';
import { trustedEpochs, type TrustedChoice, type TrustedManifest } from '../trust/trusted-manifest.js';
import { put, vaultKey, type Vault } from '../vault/vault.js';
import type { BatchRecord, FastVerdict } from '../vault/vault-records.js';
import { assertSamePoints, batchIdFor } from './batch-journal.js';
import type { Accepted, CryptoRunner, SealOrder, TokenOrder } from './crypto-task.js';
import { FastEvaluation, type FastResult } from './fast/fast-evaluation.js';
import { type Combiner, FastTransport } from './fast/fast-transport.js';
import { memberEngine } from './member-engine.js';

/** What is tokenised: a form, or a band of a text. */
export interface TokenInput {
  readonly kind: string;
  readonly value: string;
}
export interface TokenBatch {
  /** Distinct, at most 4096. */
  readonly forms: readonly TokenInput[];
  readonly seals: readonly SealOrder[];
  readonly padTo: number;
  readonly budget: Budget;
  /** Where the batch is journalled; null for look-ups, which are not resumed. */
  readonly journal: { readonly publicationId: string; readonly window: number } | null;
}
export interface TokenisedBatch {
  /** 32 lower-case hex digits each, in the order of `forms`. */
  readonly tokens: readonly string[];
  /** base64url, in the order of `seals`. */
  readonly sealed: readonly string[];
  /** Marks the journal entry: goes into the same write as what is derived from the tokens. */
  readonly verified: BatchRecord;
}

interface SendingBatch {
  readonly batch: TokenBatch;
  readonly record: BatchRecord;
  readonly prepared: PreparedBatch;
  readonly toSend: { readonly manifestHash: Uint8Array; readonly batchId: Uint8Array; readonly budget: Budget; readonly memberId: string; readonly points: Uint8Array };
  readonly order: TokenOrder;
  readonly signer: Signer;
}

export interface TokeniserOptions {
  /** Who adds up in fast mode; null: the member itself. Absent: as the home says. */
  readonly combiner?: Combiner | null;
  /** At once when a holder is found in a lie, for a log; `falseHolders` has them all. */
  readonly onFalseHolder?: (found: FalseHolder) => void;
}

export class Tokeniser {
  private readonly failed: FastVerdict[] = [];

  private constructor(
    private readonly home: PartyHome, private readonly vault: Vault, private readonly runner: CryptoRunner, private readonly keyHolders: KeyHolderClient,
    private trusted: TrustedManifest, private readonly before: TrustedManifest | null, private readonly combiner: Combiner | null,
  ) {}

  /**
   * Fetches the manifest and judges it by the pinned holders.
   * @throws KEY_NOT_TRUSTED, MANIFEST_INVALID, KEY_HOLDERS_UNAVAILABLE, STALE_MANIFEST for an epoch before one that this vault has seen
   */
  static async open(home: PartyHome, vault: Vault, runner: CryptoRunner, { combiner = combinerOf(home), onFalseHolder }: TokeniserOptions = {}): Promise<Tokeniser> {
    const keyHolders = new KeyHolderClient(home.party.keyHolders, new FalseHolders(onFalseHolder));
    const [trusted, before = null] = await fetchTrusted(home, keyHolders);
    await vault.noteEpoch(trusted.manifest.epoch);
    return new Tokeniser(home, vault, runner, keyHolders, trusted, before, combiner);
  }

  /** Of the epoch before, as long as key-holders answer in it; null when they do not. For questions only: clues go into the newest. */
  former(): Tokeniser | null {
    const { home, vault, runner, before, combiner } = this;
    return before === null ? null : new Tokeniser(home, vault, runner, new KeyHolderClient(home.party.keyHolders, this.keyHolders.falseHolders), before, null, combiner);
  }

  get epoch(): number {
    return this.trusted.manifest.epoch;
  }

  /** Batches of fast mode that were evaluated again with proofs, and why. */
  get failedChecks(): readonly FastVerdict[] {
    return this.failed;
  }

  /** Key-holders whose answers could not be used, whatever came of the batches. */
  get falseHolders(): readonly FalseHolder[] {
    return this.keyHolders.falseHolders.all();
  }

  async tokenise(batch: TokenBatch): Promise<TokenisedBatch> {
    try {
      return await this.attempt(batch, this.trusted);
    } catch (error) {
      if (isRepeatedOut(error)) return this.attempt(batch, this.trusted, true);
      if (!(error instanceof DomainError) || error.code !== 'STALE_MANIFEST') throw error;
      const renewed = (await fetchTrusted(this.home, this.keyHolders)).find(({ manifest }) => manifest.epoch === this.epoch);
      if (renewed === undefined) throw error; // tokens of two epochs never mix in one run
      this.trusted = renewed;
      return this.attempt(batch, this.trusted);
    }
  }

  /** @param anew never the journalled batch: other blinds, other points, charged */
  private async attempt(batch: TokenBatch, trusted: TrustedManifest, anew = false): Promise<TokenisedBatch> {
    const { party } = this.home;
    const inputs = batch.forms.map((form) => encodeInput({ kind: form.kind, federationId: party.federationId, value: inputValueOf(form, party.partyId) }));
    const { record, prepared } = await this.prepare(batch, inputs, trusted, anew);
    const toSend = {
      manifestHash: trusted.hash, batchId: new Uint8Array(Buffer.from(record.batchId, 'hex')), budget: batch.budget, memberId: party.partyId, points: prepared.points,
    };
    const order = { hubId: party.hubId, epoch: trusted.manifest.epoch, seals: batch.seals };
    const signer = signerOf(this.evidenceKey());
    const fast = record.fast === undefined ? null : await this.checked({ batch, record, prepared, toSend, order, signer }, trusted);
    const accepted = fast?.accepted ?? await this.proven({ prepared, toSend, order, signer }, trusted, fast?.verdict.quorum);
    const verified: BatchRecord = { ...(fast?.record ?? record), state: 'verified' };
    const tokens = batch.forms.map((_, i) => Buffer.from(accepted.tokens.subarray(i * 16, i * 16 + 16)).toString('hex'));
    return { tokens, sealed: accepted.sealed.map(toBase64url), verified };
  }

  /**
   * Baseline mode, or fast mode's points a second time: t proofs. A holder without one is left out, and the same points go to another
   * quorum: they say nothing of the inputs to anybody, and nothing was computed from the answers of the first.
   */
  private proven({ prepared, toSend, order, signer }: Omit<SendingBatch, 'batch' | 'record'>, trusted: TrustedManifest, first?: readonly number[]): Promise<Accepted> {
    const sign = (request: OprfRequest): Uint8Array => signDetached(BATCH_TYP, batchStatement(request, prepared.pointsHash), signer);
    const holders = trusted.holders.map(({ index, publicKey }) => ({ index, publicKey }));
    return this.keyHolders.evaluate({ ...toSend, kid: fromBase64url(signer.kid), sign }, trusted, async ({ quorum, answers }) => {
      const outcome = await this.runner.run({ op: 'accept', ...order, batch: prepared, holders, quorum, answers, groupKey: fromBase64url(trusted.manifest.publicKey) });
      if (outcome.held) return outcome.accepted;
      throw new HoldersFailed(outcome.refused.map(({ holder, fault }) => ({ index: holder, error: new FalseAnswerError(holder, fault) })));
    }, first);
  }

  private async checked({ batch, record, prepared, toSend, order, signer }: SendingBatch, trusted: TrustedManifest): Promise<FastResult> {
    const { keyHolders, combiner, runner, vault, home } = this;
    const { publicationId, window } = batch.journal!;
    const result = await new FastEvaluation({
      keyHolders, runner, trusted, transport: new FastTransport({ keyHolders, combiner, trusted, trust: home.trust, signer }), evidence: new EvidenceFolder(home),
      journal: { write: (entry) => vault.write([put(vaultKey.batch(publicationId, window), entry)]) },
      groupKey: fromBase64url(trusted.manifest.publicKey), now: () => new Date(),
    }).run({ record, prepared, batch: { ...toSend, pointsSha256: prepared.pointsHash }, tokens: order });
    if (!result.verdict.held) this.failed.push(result.verdict);
    for (const { holder } of result.verdict.liars) keyHolders.avoid(holder);
    return result;
  }

  private async prepare(batch: TokenBatch, inputs: readonly Uint8Array[], { hash }: TrustedManifest, anew: boolean) {
    const { journal } = batch;
    const mode = this.modeOf(batch);
    const facts = { manifestHash: toBase64url(hash), inputsDigest: this.vault.keys.digestOf(inputs), mode };
    const journalled = journal && !anew ? await this.vault.batch(journal.publicationId, journal.window) : undefined;
    const { batchId, resumed } = batchIdFor(facts, journalled, randomBytes(16).toString('hex'));
    const secrets = { seed: this.vault.keys.blindSeed, manifestHash: hash, batchId: new Uint8Array(Buffer.from(batchId, 'hex')) };
    const prepared = await this.runner.run({ op: 'prepare', inputs, ...secrets, padTo: batch.padTo, blinding: mode === 'fast' ? 'additive' : 'multiplicative' });
    const pointsHash = toBase64url(prepared.pointsHash);
    if (resumed) {
      assertSamePoints(journalled!, pointsHash);
      return { record: journalled!, prepared };
    }
    const { manifestHash, inputsDigest } = facts;
    const record: BatchRecord = { batchId, manifestHash, inputsDigest, pointsHash, state: 'unverified', ...(mode === 'fast' ? { fast: { answer: null, verdict: null } } : {}) };
    if (journal) await this.vault.write([put(vaultKey.batch(journal.publicationId, journal.window), record)]);
    return { record, prepared };
  }

  /** Fast mode rests on the journal: look-ups, which have none, are small and take proofs. */
  private modeOf({ journal }: TokenBatch): EvaluationMode {
    const refused = this.failed.some(({ refusedBy }) => refusedBy.length > 0);
    return journal !== null && !refused && this.home.party.evaluation?.mode === 'fast' ? 'fast' : 'baseline';
  }

  private evidenceKey(): PrivateJwk {
    return this.home.privateKey('evidence') as PrivateJwk;
  }
}

/** The free repeats of these points are used up (a run that was killed again and again): the rows go out in a new batch. */
function isRepeatedOut(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'REPEAT_REFUSED' && error.fields.reason === 'repeats';
}

/**
 * A hashed id enters as its 32 bytes, everything else as UTF-8 text. The exact form of a text carries its member, so that it never
 * meets another's: texts meet by their bands (docs/protocol/derivations.md).
 */
function inputValueOf({ kind, value }: TokenInput, partyId: string): string | Uint8Array {
  if (kind === 'complaint_text') return `${partyId}:${value}`;
  return kind === 'id_hash' ? new Uint8Array(Buffer.from(value, 'hex')) : value;
}

function combinerOf(home: PartyHome): Combiner | null {
  return home.party.evaluation?.combiner === 'hub' ? new HubClient(home) : null;
}

async function fetchTrusted(home: PartyHome, keyHolders: KeyHolderClient): Promise<TrustedChoice['epochs']> {
  const { epochs, falselyServedBy } = trustedEpochs(await keyHolders.fetchManifests(), home.trust, home.party.federationId, await memberEngine(), new Date());
  for (const id of falselyServedBy) keyHolders.falseHolders.note(epochs[0].holders.find((holder) => holder.id === id)?.index ?? 0, id, 'false-manifest');
  return epochs;
}

/**
 * From canonical forms to tokens: blind, have t key-holders evaluate, verify every proof, finalise (docs/protocol/README.md).
 * The journal entry of a batch is on disk before the batch is sent; no token exists before its proofs were accepted.
 */
import { randomBytes } from 'node:crypto';
import { createSodiumEngine, encodeInput, fromBase64url, signDetached, signerOf, toBase64url, type EvidencePrivateJwk } from '#crypto';
import { DomainError } from '#kernel';
import { BATCH_TYP, batchStatement, type Budget } from '#protocol';
import type { Form } from '#indicators';
import type { PartyHome } from '../keys/party-home.js';
import { KeyHolderClient } from '../transport/key-holder-client.js';
import { trustManifest, type TrustedManifest } from '../trust/trusted-manifest.js';
import { put, vaultKey, type Vault } from '../vault/vault.js';
import type { BatchRecord } from '../vault/vault-records.js';
import { assertSamePoints, batchIdFor } from './batch-journal.js';
import type { CryptoRunner, SealOrder } from './crypto-task.js';

export interface TokenBatch {
  /** Distinct forms, at most 4096. */
  readonly forms: readonly Pick<Form, 'kind' | 'value'>[];
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

export class Tokeniser {
  private readonly keyHolders: KeyHolderClient;

  private constructor(private readonly home: PartyHome, private readonly vault: Vault, private readonly runner: CryptoRunner, private trusted: TrustedManifest) {
    this.keyHolders = new KeyHolderClient(home.party.keyHolders);
  }

  /** Fetches the manifest and judges it by the pinned holders. @throws KEY_NOT_TRUSTED, MANIFEST_INVALID, KEY_HOLDERS_UNAVAILABLE */
  static async open(home: PartyHome, vault: Vault, runner: CryptoRunner): Promise<Tokeniser> {
    return new Tokeniser(home, vault, runner, await fetchTrusted(home));
  }

  get epoch(): number {
    return this.trusted.manifest.epoch;
  }

  async tokenise(batch: TokenBatch): Promise<TokenisedBatch> {
    try {
      return await this.attempt(batch, this.trusted);
    } catch (error) {
      if (isRepeatedOut(error)) return this.attempt(batch, this.trusted, true);
      if (!(error instanceof DomainError) || error.code !== 'STALE_MANIFEST') throw error;
      const epoch = this.epoch;
      this.trusted = await fetchTrusted(this.home);
      if (this.epoch !== epoch) throw error; // tokens of two epochs never mix in one run
      return this.attempt(batch, this.trusted);
    }
  }

  /** @param anew never the journalled batch: other blinds, other points, charged */
  private async attempt(batch: TokenBatch, trusted: TrustedManifest, anew = false): Promise<TokenisedBatch> {
    const { party } = this.home;
    const inputs = batch.forms.map((form) => encodeInput({ kind: form.kind, federationId: party.federationId, value: inputValueOf(form) }));
    const { record, prepared } = await this.prepare(batch, inputs, trusted, anew);
    const signer = signerOf(this.evidenceKey());
    const { quorum, answers } = await this.keyHolders.evaluate({
      manifestHash: trusted.hash, batchId: Buffer.from(record.batchId, 'hex'), budget: batch.budget, memberId: party.partyId, kid: fromBase64url(signer.kid),
      points: prepared.points, sign: (request) => signDetached(BATCH_TYP, batchStatement(request, prepared.pointsHash), signer),
    }, trusted);
    const accepted = await this.runner.accept({
      batch: prepared, holders: trusted.holders.map(({ index, publicKey }) => ({ index, publicKey })), quorum, answers,
      hubId: party.hubId, epoch: trusted.manifest.epoch, seals: batch.seals,
    });
    const tokens = batch.forms.map((_, i) => Buffer.from(accepted.tokens.subarray(i * 16, i * 16 + 16)).toString('hex'));
    return { tokens, sealed: accepted.sealed.map(toBase64url), verified: { ...record, state: 'verified' } };
  }

  private async prepare(batch: TokenBatch, inputs: readonly Uint8Array[], { hash }: TrustedManifest, anew: boolean) {
    const { journal } = batch;
    const facts = { manifestHash: toBase64url(hash), inputsDigest: this.vault.keys.digestOf(inputs) };
    const journalled = journal && !anew ? await this.vault.batch(journal.publicationId, journal.window) : undefined;
    const { batchId, resumed } = batchIdFor(facts, journalled, randomBytes(16).toString('hex'));
    const secrets = { seed: this.vault.keys.blindSeed, manifestHash: hash, batchId: new Uint8Array(Buffer.from(batchId, 'hex')) };
    const prepared = await this.runner.prepare({ inputs, ...secrets, padTo: batch.padTo });
    const pointsHash = toBase64url(prepared.pointsHash);
    if (resumed) {
      assertSamePoints(journalled!, pointsHash);
      return { record: journalled!, prepared };
    }
    const record: BatchRecord = { batchId, ...facts, pointsHash, state: 'unverified' };
    if (journal) await this.vault.write([put(vaultKey.batch(journal.publicationId, journal.window), record)]);
    return { record, prepared };
  }

  private evidenceKey(): EvidencePrivateJwk {
    return this.home.privateKey('evidence') as EvidencePrivateJwk;
  }
}

/** The free repeats of these points are used up (a run that was killed again and again): the rows go out in a new batch. */
function isRepeatedOut(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'REPEAT_REFUSED' && error.fields.reason === 'repeats';
}

/** A hashed id enters as its 32 bytes (docs/protocol/derivations.md); everything else as UTF-8 text. */
export function inputValueOf({ kind, value }: Pick<Form, 'kind' | 'value'>): string | Uint8Array {
  return kind === 'id_hash' ? new Uint8Array(Buffer.from(value, 'hex')) : value;
}

async function fetchTrusted(home: PartyHome): Promise<TrustedManifest> {
  const jws = await new KeyHolderClient(home.party.keyHolders).fetchManifest();
  return trustManifest(jws, home.trust, home.party.federationId, await createSodiumEngine(), new Date());
}

/**
 * The liaison's side: inbox, fetch, receipts, outcomes. What it must remember lies in its home (liaison/): the inbox cursor, and per
 * package the chain of receipts and the openings. A receipt is written down before it is sent and sent again until it is answered.
 */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { sha256Hex, signStatement } from '#crypto';
import { DomainError, isDomainError, isUuid, type Json } from '#kernel';
import type { OutcomeKind, ReceiptKind } from '#protocol';
import { writePrivateFile, type PartyHome } from '../keys/index.js';
import type { HubClient } from '../transport/index.js';
import { openingProof, packageDigest, type VerifiedPackage } from '../verify/index.js';
import { placeOf } from './range-answer.js';

export interface InboxEntry { readonly kind: string; readonly packageId: string; readonly packageKind: string; readonly digest: string | null; readonly size: number; readonly at: string }
interface KeptReceipt { readonly id: string; readonly kind: ReceiptKind; readonly jws: string; readonly sha256: string; readonly sent: boolean }
interface KeptPackage { readonly digest: string; readonly openings: readonly { readonly contribution: string; readonly opening: string }[] | null; readonly receipts: readonly KeptReceipt[] }

const RANGE = 4 * 1024 * 1024;

export class LiaisonClient {
  constructor(private readonly home: PartyHome, private readonly hub: HubClient) {}

  /** Entries after the remembered cursor, or all; the cursor moves when they are handed over. */
  async inbox(options: { readonly waitSeconds: number; readonly all: boolean }): Promise<InboxEntry[]> {
    const file = this.home.file('liaison', 'cursor');
    const found: InboxEntry[] = [];
    let cursor = !options.all && existsSync(file) ? readFileSync(file, 'utf8') : null;
    for (let wait = options.waitSeconds; ; wait = 0) {
      const query = new URLSearchParams({ limit: '100', wait: String(wait), ...(cursor === null ? {} : { cursor }) });
      const answer = await this.hub.rest({ method: 'GET', path: `/v1/liaison/inbox?${query}`, timeoutMs: (wait + 30) * 1000 });
      const page = answer.json<{ entries: InboxEntry[]; cursor: string | null }>();
      found.push(...page.entries);
      cursor = page.cursor;
      if (page.entries.length === 0) break;
    }
    if (cursor !== null) {
      mkdirSync(this.home.file('liaison'), { recursive: true, mode: 0o700 });
      writePrivateFile(file, cursor);
    }
    return found;
  }

  /** Fetches into a file, range by range, going on where an earlier try was cut off. @throws DomainError DIGEST_MISMATCH */
  async fetch(packageId: string, target: string): Promise<{ digest: string; size: number }> {
    assertUuid(packageId);
    const draft = `${target}.part`;
    let etag: string | null = null;
    for (;;) {
      const from = Math.max(0, existsSync(draft) ? statSync(draft).size - 1 : 0); // one byte again: a draft that is whole has a range too
      const answer = await this.hub.rest({ method: 'GET', path: `/v1/liaison/packages/${packageId}`, headers: { range: `bytes=${from}-${from + RANGE - 1}`, ...(etag === null ? {} : { 'if-range': etag }) } });
      etag = answer.headers.get('etag');
      const { at, end, total } = placeOf(answer, from);
      append(draft, answer.bytes, at);
      if (end === total) break;
    }
    const digest = checkedDigest(draft, etag);
    renameSync(draft, target);
    this.keep(packageId, { ...(this.kept(packageId) ?? { openings: null, receipts: [] }), digest });
    return { digest, size: statSync(target).size };
  }

  /** Remembers what a verified package opened to, for its receipts. */
  remember(verified: VerifiedPackage): void {
    const openings = verified.contributions.map(({ payload }) => ({ contribution: payload.id, opening: payload.opening }));
    this.keep(verified.envelope.id, { receipts: this.kept(verified.envelope.id)?.receipts ?? [], digest: verified.digest, openings });
  }

  /** @throws DomainError NOT_FOUND when the package was not fetched here; STATE_CONFLICT when it was not opened but must be */
  async receipt(packageId: string, kind: ReceiptKind, words: { readonly officerReference: string; readonly reason: string }): Promise<{ receiptId: string; kind: string; state: string }> {
    assertUuid(packageId);
    const kept = this.kept(packageId);
    if (!kept) throw new DomainError('NOT_FOUND', 'package was not fetched into this home', { package: packageId });
    const unsent = kept.receipts.find((one) => !one.sent);
    if (unsent) {
      const answer = await this.send(packageId, unsent);
      return unsent.kind === kind ? answer : this.receipt(packageId, kind, words);
    }
    const id = randomUUID();
    const needsOpenings = kind === 'OPENED' || kind === 'ACCEPTED';
    if (needsOpenings && kept.openings === null) throw new DomainError('STATE_CONFLICT', 'open the package first', { package: packageId });
    const openings = needsOpenings ? kept.openings!.map(({ contribution, opening }) => ({ contribution, proof: openingProof(opening, id) })) : [];
    const statement = { v: 1, id, package: packageId, digest: kept.digest, kind, previous: kept.receipts.at(-1)?.sha256 ?? null, ...words, time: new Date().toISOString(), openings };
    const jws = await signStatement('tally-receipt+1', statement as unknown as Json, this.home.privateKey('evidence'));
    const receipt = { id, kind, jws, sha256: sha256Hex(jws), sent: false };
    this.keep(packageId, { ...kept, receipts: [...kept.receipts, receipt] });
    return this.send(packageId, receipt);
  }

  async outcome(packageId: string, kind: OutcomeKind, details: { readonly persons: number | null; readonly amountCny: number | null; readonly reference: string }): Promise<{ outcomeId: string }> {
    assertUuid(packageId);
    const statement = { v: 1, id: randomUUID(), package: packageId, kind, ...details, time: new Date().toISOString() };
    const jws = await signStatement('tally-outcome+1', statement, this.home.privateKey('evidence'));
    return (await this.post('outcomes', jws)).json<{ outcomeId: string }>();
  }

  private async send(packageId: string, receipt: KeptReceipt): Promise<{ receiptId: string; kind: string; state: string }> {
    const replace = (change: (all: readonly KeptReceipt[]) => readonly KeptReceipt[]): void => {
      const kept = this.kept(packageId)!;
      this.keep(packageId, { ...kept, receipts: change(kept.receipts) });
    };
    try {
      const { state } = (await this.post('receipts', receipt.jws)).json<{ state: string }>();
      replace((all) => all.map((one) => (one.id === receipt.id ? { ...one, sent: true } : one)));
      return { receiptId: receipt.id, kind: receipt.kind, state };
    } catch (error) {
      if (isDomainError(error) && error.code !== 'UNREACHABLE') replace((all) => all.filter((one) => one.id !== receipt.id));
      throw error;
    }
  }

  private post(what: 'receipts' | 'outcomes', jws: string): ReturnType<HubClient['rest']> {
    return this.hub.rest({ method: 'POST', path: `/v1/liaison/${what}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jws }) });
  }

  private kept(packageId: string): KeptPackage | null {
    const file = this.home.file('liaison', `${packageId}.json`);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeptPackage) : null;
  }
  private keep(packageId: string, kept: KeptPackage): void {
    mkdirSync(this.home.file('liaison'), { recursive: true, mode: 0o700 });
    writePrivateFile(this.home.file('liaison', `${packageId}.json`), JSON.stringify(kept));
  }
}

function append(file: string, bytes: Uint8Array, at: number): void {
  const handle = openSync(file, at === 0 ? 'w' : 'r+', 0o600);
  try {
    writeSync(handle, bytes, 0, bytes.length, at);
  } finally {
    closeSync(handle);
  }
}
/** A draft that is not what the hub names is of no use for going on. @throws DomainError DIGEST_MISMATCH, PACKAGE_INVALID */
function checkedDigest(draft: string, etag: string | null): string {
  try {
    const digest = digestOf(readFileSync(draft));
    if (etag !== `"${digest}"`) throw new DomainError('DIGEST_MISMATCH', 'fetched bytes');
    return digest;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
function digestOf(bytes: Uint8Array): string {
  try {
    return packageDigest(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Parameters<typeof packageDigest>[0]);
  } catch (cause) {
    throw new DomainError('PACKAGE_INVALID', 'not a package', {}, { cause });
  }
}
/** Ids become file names. */
function assertUuid(id: string): void {
  if (!isUuid(id)) throw new DomainError('BAD_INPUT', 'package id is a UUID', { expected: 'UUID' });
}

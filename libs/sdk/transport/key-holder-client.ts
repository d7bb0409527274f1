/**
 * Batches to t of n key-holders at once. All answers of a batch must be of one quorum (each holder answers under its
 * Lagrange coefficient), so when a holder is missing the whole batch goes to the next quorum: same points, same batch
 * id, same signature; holders that answered before do not charge again.
 */
import { DomainError } from '#kernel';
import { OPRF_MEDIA_TYPE, OPRF_PATH, decodeOprfResponse, encodeOprfRequest, type OprfResponse, type SignedOprfRequest } from '#protocol';
import type { KeyHolderAddress } from '../keys/party-file.js';
import type { TrustedManifest } from '../trust/trusted-manifest.js';
import { QuorumChooser } from './quorum.js';
import { agentRetry, realChance } from './retry.js';
import { ServiceError, serviceErrorOf, unreachable } from './service-error.js';

const TIMEOUT_MS = 60_000;
/** A quorum needs several services up again (holders, the hub's status list, databases): wait longer than for one. */
const patienceMs = (): number => agentRetry().budgetMs * 1.5;
const PAUSE_BASE_MS = 200;
const PAUSE_MAX_MS = 4_000;

export interface QuorumAnswer {
  readonly quorum: readonly number[];
  readonly answers: readonly { readonly holderIndex: number; readonly evaluated: Uint8Array; readonly proof: Uint8Array }[];
}

export class KeyHolderClient {
  private readonly urls: ReadonlyMap<string, string>;
  private chooser: QuorumChooser | null = null;

  constructor(addresses: readonly KeyHolderAddress[]) {
    this.urls = new Map(addresses.map(({ id, url }) => [id, url]));
  }

  /** The manifest as any holder serves it: not believed here. @throws KEY_HOLDERS_UNAVAILABLE */
  async fetchManifest(): Promise<unknown> {
    const startedAt = realChance.now();
    for (let round = 1; ; round++) {
      for (const url of this.urls.values()) {
        const answer = await fetch(new URL('/manifest', url), { signal: AbortSignal.timeout(TIMEOUT_MS) })
          .then((response) => (response.ok ? response.json() : null), () => null);
        if (answer !== null) return answer;
      }
      if (realChance.now() - startedAt > patienceMs()) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no key-holder serves the manifest', { holders: [...this.urls.keys()] });
      await realChance.sleep(Math.random() * Math.min(4000, 200 * 2 ** round));
    }
  }

  /**
   * @throws KEY_HOLDERS_UNAVAILABLE when no quorum answered within the budget; the holders' own codes when they refuse
   * (ROSTER_REFUSED, MEMBER_SUSPENDED, STALE_MANIFEST, BUDGET_EXHAUSTED of every quorum, ...)
   */
  async evaluate(request: Omit<SignedOprfRequest, 'quorum'>, { manifest, holders }: TrustedManifest): Promise<QuorumAnswer> {
    this.chooser ??= new QuorumChooser(holders, manifest.threshold, realChance.now);
    const exhausted = new Set<number>();
    const startedAt = realChance.now();
    let lastError: unknown = null;
    for (let round = 1; ; round++) {
      const quorum = this.chooser.choose(exhausted);
      if (quorum === null) throw lastError;
      const results = await Promise.allSettled(quorum.map((index) => this.ask(index, holders.find((holder) => holder.index === index)!.id, { ...request, quorum })));
      const failures = results.flatMap((result, i) => (result.status === 'rejected' ? [{ index: quorum[i]!, error: result.reason as unknown }] : []));
      if (failures.length === 0) return { quorum, answers: results.map((result) => answerOf((result as PromiseFulfilledResult<OprfResponse>).value)) };
      for (const { index, error } of failures) this.judge(index, error, exhausted);
      lastError = failures[0]!.error;
      if (realChance.now() - startedAt > patienceMs()) break;
      // The first other quorums are asked at once; a holder repeats an answered batch free of charge at most 8 times.
      if (round >= holders.length) await realChance.sleep(PAUSE_BASE_MS + Math.random() * Math.min(PAUSE_MAX_MS, PAUSE_BASE_MS * 2 ** (round - holders.length)));
    }
    throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no quorum answered', { needed: manifest.threshold, of: holders.length }, { cause: lastError });
  }

  /** Notes a silent or exhausted holder; throws what no other quorum would answer differently. */
  private judge(index: number, error: unknown, exhausted: Set<number>): void {
    const code = error instanceof DomainError ? error.code : 'INTERNAL';
    if (code === 'BUDGET_EXHAUSTED') exhausted.add(index);
    else if (['UNREACHABLE', 'INTERNAL', 'STATUS_STALE', 'KEY_HOLDERS_UNAVAILABLE', 'IDEMPOTENCY_IN_PROGRESS', 'LIMIT_EXCEEDED'].includes(code)) this.chooser!.rest(index);
    else throw error;
  }

  private async ask(index: number, id: string, request: SignedOprfRequest): Promise<OprfResponse> {
    const url = this.urls.get(id);
    if (url === undefined) throw new ServiceError('UNREACHABLE', 'no address for a key-holder', { service: id, reason: 'address missing' });
    let response: Response;
    let bytes: Uint8Array;
    try {
      const body = encodeOprfRequest(request) as Uint8Array<ArrayBuffer>;
      response = await fetch(new URL(OPRF_PATH, url), { method: 'POST', headers: { 'content-type': OPRF_MEDIA_TYPE }, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw unreachable(id, error);
    }
    if (!response.ok) throw serviceErrorOf(id, response.status, jsonOrNull(bytes));
    const answer = decodeOprfResponse(bytes);
    const fits = answer.holderIndex === index && answer.quorum.join() === request.quorum.join()
      && Buffer.compare(answer.batchId, request.batchId) === 0 && Buffer.compare(answer.manifestHash, request.manifestHash) === 0;
    if (!fits) throw new DomainError('PROOF_INVALID', 'answer to another batch', { holder: index });
    return answer;
  }
}

function answerOf({ holderIndex, points, proof }: OprfResponse): QuorumAnswer['answers'][number] {
  return { holderIndex, evaluated: points, proof };
}

function jsonOrNull(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * Batches to t of n key-holders at once. All answers of a batch must be of one quorum (each holder answers under its
 * Lagrange coefficient), so when a holder is missing the whole batch goes to the next quorum: same points, same batch
 * id, signed anew for that quorum and moment. Holders that answered the points before do not charge again, and one that answered
 * this very quorum is not asked again. A holder that answers falsely is left out and named; the others are asked for their quorums.
 */
import { DomainError } from '#kernel';
import { boundedBody, OPRF_ANSWER_MAX_BYTES, OPRF_MEDIA_TYPE, OPRF_PATH, decodeOprfResponse, encodeOprfRequest, type OprfRequest, type OprfResponse, type SignedOprfRequest } from '#protocol';
import type { KeyHolderAddress } from '../keys/party-file.js';
import type { ServedManifest, TrustedManifest } from '../trust/trusted-manifest.js';
import { FalseAnswerError, FalseHolders } from './false-holders.js';
import { QuorumChooser } from './quorum.js';
import { agentRetry, realChance } from './retry.js';
import { ServiceError, serviceErrorOf, unreachable } from './service-error.js';

const TIMEOUT_MS = 60_000;
const MANIFEST_TIMEOUT_MS = 10_000;
/** A holder answers two epochs at most; each manifest costs its reader signatures and points. */
const MANIFESTS_OF_HOLDER_MAX = 4;
const MANIFESTS_MAX_BYTES = 262_144;
/** A quorum needs several services up again (holders, the hub's status list, databases): wait longer than for one. */
const patienceMs = (): number => agentRetry().budgetMs * 1.5;
const PAUSE_BASE_MS = 200;
const PAUSE_MAX_MS = 4_000;
/** Of a holder that may answer again in a moment; its word is no refusal. */
const PASSING: ReadonlySet<string> = new Set(['UNREACHABLE', 'INTERNAL', 'STATUS_STALE', 'KEY_HOLDERS_UNAVAILABLE', 'IDEMPOTENCY_IN_PROGRESS', 'LIMIT_EXCEEDED']);

export interface QuorumAnswer {
  readonly quorum: readonly number[];
  readonly answers: readonly { readonly holderIndex: number; readonly evaluated: Uint8Array; readonly proof: Uint8Array }[];
}

/** A batch before it is signed: quorum and time are those of a sending. */
export interface BatchToSend extends Omit<OprfRequest, 'quorum' | 'signedAtMs'> {
  readonly sign: (request: OprfRequest) => Uint8Array;
}

/** What only another quorum, or time, can change at this holder. */
interface Refusal {
  readonly error: DomainError;
  /** When its budget allows this batch again, milliseconds; Infinity when no time does. */
  readonly refillsAtMs: number;
}

/** Holders of a quorum that did not answer, with what each said. */
export class HoldersFailed extends Error {
  constructor(readonly failures: readonly { readonly index: number; readonly error: unknown }[]) {
    super('holders of the quorum did not answer');
  }
}

export class KeyHolderClient {
  private lastSignedMs = 0;
  private readonly urls: ReadonlyMap<string, string>;
  private chooser: QuorumChooser | null = null;
  private chosenFor = '';

  constructor(addresses: readonly KeyHolderAddress[], readonly falseHolders = new FalseHolders()) {
    this.urls = new Map(addresses.map(({ id, url }) => [id, url]));
  }

  /**
   * Manifests of every epoch that a holder answers, as all of them serve them: not believed here. All are asked, so that one holder
   * that keeps back the newest does not decide. @throws KEY_HOLDERS_UNAVAILABLE
   */
  async fetchManifests(): Promise<ServedManifest[]> {
    const startedAt = realChance.now();
    for (let round = 1; ; round++) {
      const answers = await Promise.all([...this.urls].map(async ([id, url]) => fetch(new URL('/manifests', url), { signal: AbortSignal.timeout(MANIFEST_TIMEOUT_MS) })
        .then(async (response) => ({ id, answer: response.ok ? jsonOrNull(await boundedBody(response, MANIFESTS_MAX_BYTES)) : null })).catch(() => ({ id, answer: null }))));
      const manifests = answers.flatMap(({ id, answer }) => (Array.isArray(answer) ? (answer as unknown[]).slice(0, MANIFESTS_OF_HOLDER_MAX).map((jws) => ({ servedBy: id, jws })) : []));
      if (manifests.length > 0) return manifests;
      if (realChance.now() - startedAt > patienceMs()) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no key-holder serves the manifest', { holders: [...this.urls.keys()] });
      await realChance.sleep(Math.random() * Math.min(4000, 200 * 2 ** round));
    }
  }

  /**
   * @param accept makes something of the answers only when every proof holds; else raises HoldersFailed with a FalseAnswerError a liar
   * @param first the quorum to begin with
   * @throws what overQuorums() throws
   */
  async evaluate<T>({ sign, ...batch }: BatchToSend, trusted: TrustedManifest, accept: (answer: QuorumAnswer) => Promise<T>, first?: readonly number[]): Promise<T> {
    const answered = new Map<string, OprfResponse>();
    return this.overQuorums(trusted, async (quorum) => {
      const request = { ...batch, quorum, signedAtMs: this.nextInstant() };
      const signed = { ...request, signature: sign(request) };
      const answers = await this.askEach(quorum, async (index) => {
        const place = `${index} of ${quorum.join()}`;
        const answer = answered.get(place) ?? await this.ask(index, trusted, signed);
        answered.set(place, answer);
        return answer;
      });
      return accept({ quorum, answers: answers.map(answerOf) });
    }, first);
  }

  /**
   * Does the work with one quorum after another until one comes through.
   * @param work raises HoldersFailed for what another quorum may do better
   * @throws KEY_HOLDERS_UNAVAILABLE when no quorum answered within the budget; the holders' own codes when they refuse
   * (ROSTER_REFUSED, MEMBER_SUSPENDED, STALE_MANIFEST, REPEAT_REFUSED, BUDGET_EXHAUSTED with the time when a quorum can
   * answer again, ...); PROOF_INVALID naming the liars when too few others are left
   */
  async overQuorums<T>(trusted: TrustedManifest, work: (quorum: readonly number[]) => Promise<T>, first?: readonly number[]): Promise<T> {
    const { manifest, holders } = trusted;
    const chooser = this.chooserOf(trusted);
    const refusals = new Map<number, Refusal>();
    const startedAt = realChance.now();
    let lastError: unknown = null;
    for (let round = 1; ; round++) {
      const quorum = round === 1 && first !== undefined ? first : chooser.choose(refusals);
      if (quorum === null) throw refusalOfAll(refusals, manifest.threshold, holders.length);
      try {
        return await work(quorum);
      } catch (error) {
        if (!(error instanceof HoldersFailed)) throw error;
        for (const failure of error.failures) this.judge(failure.index, failure.error, trusted, refusals);
        lastError = error.failures[0]!.error;
      }
      if (realChance.now() - startedAt > patienceMs()) break;
      // The first other quorums are asked at once; a holder answers the same points again at most 8 times.
      if (round >= holders.length) await realChance.sleep(PAUSE_BASE_MS + Math.random() * Math.min(PAUSE_MAX_MS, PAUSE_BASE_MS * 2 ** (round - holders.length)));
    }
    const liars = liarsOf(refusals);
    throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'no quorum answered', { needed: manifest.threshold, of: holders.length, ...(liars.length > 0 ? { liars } : {}) }, { cause: lastError });
  }

  /** From now on asked only where there is no other way. */
  avoid(index: number): void {
    this.chooser?.rest(index, Number.POSITIVE_INFINITY);
  }

  /** Other holders after a resharing take another choice; who was false stays so. */
  private chooserOf(trusted: TrustedManifest): QuorumChooser {
    const hash = Buffer.from(trusted.hash).toString('hex');
    if (this.chooser !== null && this.chosenFor === hash) return this.chooser;
    this.chosenFor = hash;
    this.chooser = new QuorumChooser(trusted.holders, trusted.manifest.threshold, realChance.now);
    for (const { index, id } of trusted.holders) if (this.falseHolders.has(id)) this.avoid(index);
    return this.chooser;
  }

  /** All holders of a quorum at once. @throws HoldersFailed naming each that did not answer */
  async askEach<T>(quorum: readonly number[], ask: (index: number) => Promise<T>): Promise<T[]> {
    const results = await Promise.allSettled(quorum.map(ask));
    const failures = results.flatMap((result, i) => (result.status === 'rejected' ? [{ index: quorum[i]!, error: result.reason as unknown }] : []));
    if (failures.length > 0) throw new HoldersFailed(failures);
    return results.map((result) => (result as PromiseFulfilledResult<T>).value);
  }

  /** Rises even when the machine's clock is set back: two sendings never carry the same signed time. */
  nextInstant(): number {
    this.lastSignedMs = Math.max(this.lastSignedMs + 1, Date.now());
    return this.lastSignedMs;
  }

  /** Notes a silent, refusing or lying holder: what one of them says of the member need not be what the others say. Throws what only other points help against. */
  private judge(index: number, error: unknown, trusted: TrustedManifest, refusals: Map<number, Refusal>): void {
    if (error instanceof FalseAnswerError) {
      refusals.set(index, { error, refillsAtMs: Number.POSITIVE_INFINITY });
      this.falseHolders.note(index, idOf(trusted, index), error.lie);
      this.avoid(index);
      return;
    }
    if (!(error instanceof DomainError) || PASSING.has(error.code)) {
      this.chooser!.rest(index);
      return;
    }
    const { code, fields: { reason } } = error;
    if (code === 'REPEAT_REFUSED' && reason === 'answered') return; // delivered twice on the way: sign anew
    if (code === 'REPEAT_REFUSED' && reason !== 'time') throw error;
    // An empty budget, old shares still, a clock that is not ours, another roster: other quorums may still answer.
    refusals.set(index, { error, refillsAtMs: refillOf(error) });
  }

  /** One message to one holder. @throws UNREACHABLE, or the code that the holder answers */
  async post(index: number, { holders }: TrustedManifest, path: string, message: Uint8Array): Promise<Uint8Array> {
    const id = idOf({ holders }, index);
    const url = this.urls.get(id);
    if (url === undefined) throw new ServiceError('UNREACHABLE', 'no address for a key-holder', { service: id, reason: 'address missing' });
    let response: Response;
    let bytes: Uint8Array;
    try {
      const body = message as Uint8Array<ArrayBuffer>;
      response = await fetch(new URL(path, url), { method: 'POST', headers: { 'content-type': OPRF_MEDIA_TYPE }, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
      bytes = await boundedBody(response, OPRF_ANSWER_MAX_BYTES);
    } catch (error) {
      throw unreachable(id, error);
    }
    if (!response.ok) throw serviceErrorOf(id, response.status, jsonOrNull(bytes));
    return bytes;
  }

  private async ask(index: number, trusted: TrustedManifest, request: SignedOprfRequest): Promise<OprfResponse> {
    const message = await this.post(index, trusted, OPRF_PATH, encodeOprfRequest(request));
    const answer = readAnswer(message);
    if (answer === null) throw new FalseAnswerError(index, 'unreadable-answer');
    if (answer.holderIndex !== index || !answersTo(answer, request)) throw new FalseAnswerError(index, 'other-batch');
    return answer;
  }
}

function readAnswer(message: Uint8Array): OprfResponse | null {
  try {
    return decodeOprfResponse(message);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function idOf({ holders }: Pick<TrustedManifest, 'holders'>, index: number): string {
  return holders.find((holder) => holder.index === index)!.id;
}

/** The answer is of this batch, quorum and manifest. */
export function answersTo(answer: Pick<OprfResponse, 'quorum' | 'batchId' | 'manifestHash'>, request: Pick<OprfRequest, 'quorum' | 'batchId' | 'manifestHash'>): boolean {
  return answer.quorum.join() === request.quorum.join() && Buffer.compare(answer.batchId, request.batchId) === 0 && Buffer.compare(answer.manifestHash, request.manifestHash) === 0;
}

function refillOf({ fields: { refillsAt } }: DomainError): number {
  const time = typeof refillsAt === 'string' ? Date.parse(refillsAt) : Number.NaN;
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

/** The refusal of the holder whose refill makes a quorum possible again, counted from the earliest. */
function refusalOfAll(refusals: ReadonlyMap<number, Refusal>, threshold: number, holders: number): DomainError {
  const bySoonest = [...refusals.values()].sort((a, b) => (a.refillsAtMs < b.refillsAtMs ? -1 : 1));
  const { error } = bySoonest[threshold - (holders - refusals.size) - 1]!;
  const liars = liarsOf(refusals);
  if (!(error instanceof FalseAnswerError)) return error;
  return new DomainError('PROOF_INVALID', 'too few key-holders answer truly', { ...error.fields, liars, needed: threshold, of: holders });
}

/** Their indices. */
function liarsOf(refusals: ReadonlyMap<number, Refusal>): string[] {
  return [...refusals].flatMap(([index, { error }]) => (error instanceof FalseAnswerError ? [index] : [])).sort((a, b) => a - b).map(String);
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

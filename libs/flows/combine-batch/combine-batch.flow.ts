/**
 * The hub as combiner of fast mode (docs/protocol/fast-mode.md): a member's signed batch goes to its quorum as it came, the vectors are added
 * up. Trusted with nothing: holders admit by the roster and the member's signature, the member checks the sum. Nothing is stored,
 * and no point is logged. The member can always do without: whatever goes wrong here, it asks the holders itself.
 */
import { Inject, Injectable } from '@nestjs/common';
import { createSodiumEngine, type Engine, sha256 } from '#crypto';
import { DomainError } from '#kernel';
import type { Actor } from '#platform/database';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import {
  boundedBody, decodeFastVector, decodeOprfRequest, encodeCombinedBatch, type FastVector, OPRF_ANSWER_MAX_BYTES, OPRF_MEDIA_TYPE, OPRF_PATH, type OprfRequest,
} from '#protocol';
import { KeyHolderAddresses } from './key-holder-addresses.js';

const TIMEOUT_MS = 30_000;
const BATCHES_AT_ONCE = 8;
/** Items added up before other requests get their turn: a few milliseconds. */
const SLICE = 128;

@Injectable()
export class CombineBatchFlow {
  private readonly engine: Promise<Engine> = createSodiumEngine();
  private underWay = 0;

  constructor(private readonly addresses: KeyHolderAddresses, @Inject(EVENT_LOG) private readonly log: EventLog) {}

  /** @throws DomainError BAD_INPUT, FORBIDDEN for another member's batch, NOT_FOUND, LIMIT_EXCEEDED, KEY_HOLDERS_UNAVAILABLE */
  async run(actor: Actor, message: Uint8Array): Promise<Uint8Array> {
    const request = decodeOprfRequest(message, 'fast');
    if (request.memberId !== actor.partyId) throw new DomainError('FORBIDDEN', 'a batch of another member');
    const urls = this.addresses.urlsOf(request.quorum);
    if (this.underWay >= BATCHES_AT_ONCE) throw new DomainError('LIMIT_EXCEEDED', 'too many batches at once', { limit: 'batches' });
    this.underWay += 1;
    try {
      return await this.combine(request, await this.vectorsOf(request, urls, message));
    } finally {
      this.underWay -= 1;
    }
  }

  private async vectorsOf(request: OprfRequest, urls: readonly URL[], message: Uint8Array): Promise<FastVector[]> {
    const results = await Promise.allSettled(request.quorum.map((index, i) => vectorOf(index, urls[i]!, request, message)));
    const silent = request.quorum.filter((_, i) => results[i]!.status === 'rejected');
    if (silent.length > 0) throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'a holder of the quorum gave no vector', { holders: silent.map(String) });
    return results.map((result) => (result as PromiseFulfilledResult<FastVector>).value);
  }

  private async combine({ manifestHash, batchId, quorum, points, memberId }: OprfRequest, vectors: readonly FastVector[]): Promise<Uint8Array> {
    const engine = await this.engine;
    const sums = new Uint8Array(points.length);
    for (let from = 0; from < points.length; from += SLICE * 32) {
      sums.set(sumOf(engine, vectors.map((vector) => vector.points.subarray(from, from + SLICE * 32))), from);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    const receipts = vectors.map(({ holderIndex, points: vector, signature }) => ({ holderIndex, answerSha256: sha256(vector), signature }));
    this.log.event('batch.combined', { memberId, n: points.length / 32 });
    return encodeCombinedBatch({ manifestHash, batchId, quorum, points: sums, receipts });
  }
}

async function vectorOf(index: number, url: URL, request: OprfRequest, message: Uint8Array): Promise<FastVector> {
  const body = message as Uint8Array<ArrayBuffer>;
  const answer = await fetch(new URL(OPRF_PATH, url), { method: 'POST', headers: { 'content-type': OPRF_MEDIA_TYPE }, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new DomainError('UNREACHABLE', 'a key-holder refused', { holder: index });
  }
  const vector = decodeFastVector(await boundedBody(answer, OPRF_ANSWER_MAX_BYTES));
  const fits = vector.holderIndex === index && vector.points.length === request.points.length && Buffer.compare(vector.batchId, request.batchId) === 0;
  if (!fits) throw new DomainError('UNREACHABLE', 'a key-holder answered another batch', { holder: index });
  return vector;
}

/** @throws DomainError KEY_HOLDERS_UNAVAILABLE for elements that are refused: the member finds out whose they are */
function sumOf(engine: Engine, vectors: readonly Uint8Array[]): Uint8Array {
  try {
    return engine.combineDoubled(vectors);
  } catch (error) {
    throw new DomainError('KEY_HOLDERS_UNAVAILABLE', 'the vectors do not add up', {}, { cause: error });
  }
}

/**
 * Key-holders and combiners that lie in one way each, with real arithmetic: small servers before a real key-holder. They change what it
 * answered and sign it with its own evidence key, so that nothing but the lie is wrong.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Engine, type PrivateJwk, fastSecret, partialSecret, signDetached, signerOf } from '#crypto';
import {
  CHECK_ANSWER_TYP, type CheckAnswer, checkAnswerStatement, type CombinedBatch, decodeCheckAnswer, decodeCheckRequest, decodeFastVector, decodeOprfRequest, decodeOprfResponse, encodeCheckAnswer,
  encodeCombinedBatch, encodeFastVector, encodeOprfResponse, EVALUATION_TYP, evaluationModeOf, evaluationStatement, type FastVector, OPRF_CHECK_PATH, OPRF_MEDIA_TYPE, OPRF_PATH,
  type OprfResponse, type SignedOprfRequest,
} from '#protocol';
import { closeServer, listenOnLoopback } from '#testing';

/** How it lies. `vector` and `check` are signed again after the change. */
export interface Lie {
  readonly vector?: (points: Uint8Array, request: SignedOprfRequest, asked: number) => Uint8Array;
  readonly check?: (answer: CheckAnswer, request: SignedOprfRequest) => Partial<CheckAnswer>;
  readonly proven?: (answer: OprfResponse, request: SignedOprfRequest) => Partial<OprfResponse>;
  /** Sees a check before it is answered; a status other than null is answered in its place. */
  readonly beforeCheck?: (request: SignedOprfRequest) => Promise<{ readonly status: number; readonly code: string } | null>;
  /** Serves another manifest. */
  readonly manifest?: Uint8Array;
  /** Signs with another key. */
  readonly signWith?: PrivateJwk;
}

export class LyingHolder {
  lie: Lie = {};
  asked: ('fast' | 'baseline' | 'check')[] = [];
  url = '';
  private readonly server: Server = createServer((request, response) => {
    this.answer(request).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.destroy(),
    );
  });

  constructor(private readonly index: number, private readonly real: () => string, private readonly evidence: PrivateJwk) {}

  async start(): Promise<void> {
    this.url = await listenOnLoopback(this.server);
  }

  async stop(): Promise<void> {
    await closeServer(this.server);
  }

  honest(): void {
    this.lie = {};
    this.asked = [];
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; type: string; body: Uint8Array }> {
    if (request.url === '/manifests' && this.lie.manifest) return { status: 200, type: 'application/json', body: Buffer.from(`[${Buffer.from(this.lie.manifest).toString()}]`) };
    const message = await bodyOf(request);
    if (request.url === OPRF_CHECK_PATH) {
      this.asked.push('check');
      const instead = await this.lie.beforeCheck?.(decodeCheckRequest(message));
      if (instead) return { status: instead.status, type: 'application/json', body: Buffer.from(JSON.stringify({ code: instead.code, message: '', fields: {} })) };
    } else if (request.url === OPRF_PATH) this.asked.push(evaluationModeOf(message));
    const answer = await fetch(`${this.real()}${request.url ?? ''}`, {
      method: request.method ?? 'GET', ...(request.method === 'POST' ? { body: Buffer.from(message), headers: { 'content-type': OPRF_MEDIA_TYPE } } : {}),
    });
    const body = new Uint8Array(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, type, body: answer.ok && request.method === 'POST' ? this.changed(request.url ?? '', message, body) : body };
  }

  private changed(path: string, message: Uint8Array, body: Uint8Array): Uint8Array {
    if (path === OPRF_CHECK_PATH) return this.signedCheck(decodeCheckAnswer(body), decodeCheckRequest(message));
    const mode = evaluationModeOf(message);
    const request = decodeOprfRequest(message, mode);
    if (mode === 'fast') return this.signedVector(decodeFastVector(body), request);
    const answer = decodeOprfResponse(body);
    return encodeOprfResponse({ ...answer, ...this.lie.proven?.(answer, request) });
  }

  private signedVector(vector: FastVector, request: SignedOprfRequest): Uint8Array {
    const points = this.lie.vector?.(vector.points, request, this.asked.filter((kind) => kind === 'fast').length) ?? vector.points;
    const statement = evaluationStatement({ ...request, holderIndex: this.index }, request.points.length / 32, sha256(request.points), sha256(points));
    return encodeFastVector({ ...vector, points, signature: signDetached(EVALUATION_TYP, statement, this.signer()) });
  }

  private signedCheck(answer: CheckAnswer, request: SignedOprfRequest): Uint8Array {
    const lie = { ...answer, ...this.lie.check?.(answer, request) };
    const statement = checkAnswerStatement({ ...request, holderIndex: this.index }, request.points, lie.points, lie.proof);
    return encodeCheckAnswer({ ...lie, signature: signDetached(CHECK_ANSWER_TYP, statement, this.signer()) });
  }

  private signer() {
    return { ...signerOf(this.lie.signWith ?? this.evidence), kid: signerOf(this.evidence).kid };
  }
}

/** Answers of another share, as its owner would compute them. */
export class OtherShare {
  constructor(private readonly engine: Engine, private readonly share: Uint8Array, private readonly index: number) {}

  vector(request: SignedOprfRequest): Uint8Array {
    return this.engine.evaluate(fastSecret(this.engine, this.share, this.index, request.quorum), request.points);
  }

  proven(request: SignedOprfRequest, multiplier: typeof partialSecret = partialSecret): { points: Uint8Array; proof: Uint8Array } {
    const secret = multiplier(this.engine, this.share, this.index, request.quorum);
    const points = this.engine.evaluate(secret, request.points);
    return { points, proof: this.engine.prove(secret, this.engine.multiplyBase(secret), request.points, points) };
  }

  check(request: SignedOprfRequest): { points: Uint8Array; proof: Uint8Array } {
    return this.proven(request, fastSecret);
  }
}

/** A hub that combines, as the agent's client meets it: forwards the batch, adds up, and then changes the sum. */
export class TestCombiner {
  lie: (combined: CombinedBatch) => CombinedBatch = (combined) => combined;

  constructor(private readonly engine: Engine, private readonly urlOf: (index: number) => string) {}

  async rest({ body }: { readonly body?: Uint8Array | string }) {
    const message = body as Uint8Array;
    const request = decodeOprfRequest(message, 'fast');
    const vectors = await Promise.all(request.quorum.map(async (index) => {
      const answer = await fetch(`${this.urlOf(index)}${OPRF_PATH}`, { method: 'POST', body: Buffer.from(message), headers: { 'content-type': OPRF_MEDIA_TYPE } });
      return decodeFastVector(new Uint8Array(await answer.arrayBuffer()));
    }));
    const { manifestHash, batchId, quorum } = request;
    const receipts = vectors.map(({ holderIndex, points, signature }) => ({ holderIndex, answerSha256: sha256(points), signature }));
    const points = this.engine.combineDoubled(vectors.map((vector) => vector.points));
    const bytes = encodeCombinedBatch(this.lie({ manifestHash, batchId, quorum, points, receipts }));
    return { status: 200, headers: new Headers(), bytes, json: <T>() => null as T };
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

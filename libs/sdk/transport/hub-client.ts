/** The hub's GraphQL and REST doors, with tokens, proofs, timeouts and bounded retry. Every request is idempotent. */
import * as oauth from 'oauth4webapi';
import { boundedBody } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import { realChance, withRetry } from './retry.js';
import { ServiceError, retriesOfServiceError, serviceErrorOf, unreachable } from './service-error.js';
import { TokenClient } from './token-client.js';

const SERVICE = 'hub';
const TIMEOUT_MS = 60_000;
/** A page of a hundred alerts or statements is 13 MB; packages come in ranges of 4 MiB. */
const ANSWER_MAX_BYTES = 32 * 1024 * 1024;
/** A hub that has just started refuses proofs made in the second before: one more second, a new token, a new proof. */
const RENEWALS = 2;
const RENEWAL_PAUSE_MS = 1_100;

export interface RestRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, e.g. `/v1/publications/...`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly timeoutMs?: number;
}
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  json<T>(): T;
}

export class HubClient {
  private readonly tokens: TokenClient;

  constructor(private readonly home: PartyHome) {
    this.tokens = new TokenClient(home);
  }

  /** @throws DomainError of the hub's first published code; UNREACHABLE */
  async graphql<T>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return withRetry(async () => {
      const answer = await this.callWithRenewal({
        method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
        body: JSON.stringify({ query: document, variables }),
      });
      const { data, errors } = jsonOf(answer) as { data?: T; errors?: { extensions?: unknown }[] };
      if (errors?.length) throw serviceErrorOf(SERVICE, answer.status === 200 ? 400 : answer.status, errors[0]?.extensions);
      if (data === undefined || data === null) throw answerError(answer);
      return data;
    }, retriesOfServiceError);
  }

  /** @throws DomainError of the published code of any answer that is not 2xx (or 304); UNREACHABLE */
  async rest(request: RestRequest): Promise<RestAnswer> {
    return withRetry(async () => {
      const answer = await this.callWithRenewal(request);
      if (answer.status !== 304 && (answer.status < 200 || answer.status > 299)) throw answerError(answer);
      return answer;
    }, retriesOfServiceError);
  }

  private async callWithRenewal(request: RestRequest): Promise<RestAnswer> {
    for (let renewals = 0; ; renewals++) {
      const answer = await this.call(request);
      if (answer.status !== 401 || renewals >= RENEWALS) return answer;
      this.tokens.renew();
      await realChance.sleep(RENEWAL_PAUSE_MS);
    }
  }

  private async call({ method, path, headers, body, timeoutMs }: RestRequest): Promise<RestAnswer> {
    const url = new URL(path, this.home.party.hubUrl);
    try {
      return await read(await this.tokens.call(method, url, new Headers(headers), body ?? null, timeoutMs ?? TIMEOUT_MS));
    } catch (error) {
      if (error instanceof oauth.WWWAuthenticateChallengeError) return read(error.response);
      if (error instanceof ServiceError || (error as { code?: unknown }).code === 'CONFIG_INVALID') throw error;
      throw unreachable(SERVICE, error);
    }
  }
}

async function read(response: Response): Promise<RestAnswer> {
  const bytes = await boundedBody(response, ANSWER_MAX_BYTES);
  return { status: response.status, headers: response.headers, bytes, json: <T>() => JSON.parse(Buffer.from(bytes).toString('utf8')) as T };
}

function jsonOf(answer: RestAnswer): object {
  try {
    return answer.json<object>() ?? {};
  } catch {
    throw serviceErrorOf(SERVICE, answer.status === 200 ? 502 : answer.status, null);
  }
}

function answerError(answer: RestAnswer): ServiceError {
  try {
    const body = answer.json<{ errors?: { extensions?: unknown }[] }>();
    return serviceErrorOf(SERVICE, answer.status, body.errors?.[0]?.extensions ?? body);
  } catch {
    return serviceErrorOf(SERVICE, answer.status, null);
  }
}

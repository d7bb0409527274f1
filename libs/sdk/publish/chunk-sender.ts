/**
 * Brings recorded chunks to the hub, byte for byte as recorded: a chunk that was sent before a kill is sent again and
 * answered from the hub's memory (publication id, sequence, SHA-256).
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ErrorCode } from '#kernel';
import { isErrorCode } from '#protocol';
import { DOCUMENTS } from '../transport/documents.js';
import type { HubClient } from '../transport/hub-client.js';
import type { ChunkRecord } from '../vault/vault-records.js';
import type { ClueStatement } from './clue-statement.js';
import { answerTo, type ChunkAnswer } from './chunk-answer.js';

const gzipped = promisify(gzip);

/** Up to this many rows a file goes through the GraphQL mutation. */
export const GRAPHQL_ROWS_MAX = 200;
/** The hub's limit of a body is 256 KiB. */
const GRAPHQL_BYTES_MAX = 240 * 1024;
const CHUNK_TIMEOUT_MS = 120_000;

export interface PublicationStatus {
  readonly state: 'OPEN' | 'FINISHED';
  readonly match: 'PENDING' | 'RUNNING' | 'DONE';
  readonly overlaps: number;
}

export async function chunkOf(via: ChunkRecord['via'], clues: readonly ClueStatement[]): Promise<ChunkRecord> {
  const clueIds = clues.map(({ clueId }) => clueId);
  const body = via === 'graphql' ? JSON.stringify(clues) : '';
  if (via === 'graphql' && Buffer.byteLength(body) <= GRAPHQL_BYTES_MAX) return { via, clueIds, body };
  return { via: 'bulk', clueIds, body: await linesOf(clues) };
}

/** Newline-delimited JSON, gzip, base64. */
export async function linesOf(items: readonly object[]): Promise<string> {
  const lines = Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''), 'utf8');
  return (await gzipped(lines, { level: 1 })).toString('base64');
}

export class ChunkSender {
  constructor(private readonly hub: HubClient, private readonly publicationId: string) {}

  /** @throws DIGEST_MISMATCH for an answer about other clues */
  async send(seq: number, chunk: ChunkRecord): Promise<ChunkAnswer> {
    return answerTo(chunk, await (chunk.via === 'graphql' ? this.sendMutation(seq, chunk) : this.sendBulk(seq, chunk)));
  }

  /** @throws NOT_FOUND for a publication the hub has not seen */
  async status(publicationId = this.publicationId): Promise<PublicationStatus> {
    return (await this.hub.rest({ method: 'GET', path: `/v1/publications/${publicationId}` })).json<PublicationStatus>();
  }

  /** @param chunks how many were sent: the hub refuses to finish when one is missing; null when that is not known */
  async finish(chunks: number | null): Promise<void> {
    await this.hub.rest({ method: 'POST', path: `/v1/publications/${this.publicationId}/finish`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(chunks === null ? {} : { chunks }) });
  }

  private async sendBulk(seq: number, { via, body }: ChunkRecord): Promise<ChunkAnswer> {
    const bytes = Buffer.from(body, 'base64');
    const digest = createHash('sha256').update(bytes).digest('base64');
    const answer = await this.hub.rest({
      method: 'POST', path: `/v1/publications/${this.publicationId}/${via === 'moves' ? 'moves' : 'chunks'}/${seq}`, body: bytes, timeoutMs: CHUNK_TIMEOUT_MS,
      headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', 'content-digest': `sha-256=:${digest}:` },
    });
    return answerOf(answer.json());
  }

  private async sendMutation(seq: number, { body }: ChunkRecord): Promise<ChunkAnswer> {
    type Result = { clueId: string; outcome: 'ACCEPTED' | 'ALREADY_KNOWN' | 'REFUSED'; code: string | null; knownAs: string | null };
    const input = { clues: JSON.parse(body) as unknown, idempotencyKey: `${this.publicationId}.${seq}` };
    const { publishClues } = await this.hub.graphql<{ publishClues: { publicationId: string; items: Result[] } }>(DOCUMENTS.publishClues, { input });
    const of = (outcome: Result['outcome']): Result[] => publishClues.items.filter((result) => result.outcome === outcome);
    const answer = answerOf({
      accepted: of('ACCEPTED').length, alreadyKnown: of('ALREADY_KNOWN').length, refused: of('REFUSED'),
      known: of('ALREADY_KNOWN').flatMap(({ clueId, knownAs }) => (knownAs === null ? [] : [[clueId, knownAs] as const])),
    });
    return { ...answer, hubPublicationId: publishClues.publicationId };
  }
}

function answerOf(summary: { accepted: number; alreadyKnown: number; refused: readonly { clueId: string | null; code: string | null }[]; known?: ChunkAnswer['known'] }): ChunkAnswer {
  const refused = summary.refused.flatMap(({ clueId, code }) => (clueId === null ? [] : [{ clueId, code: (isErrorCode(code) ? code : 'BAD_INPUT') as ErrorCode }]));
  return { accepted: summary.accepted, alreadyKnown: summary.alreadyKnown, refused, known: summary.known ?? [], hubPublicationId: null };
}

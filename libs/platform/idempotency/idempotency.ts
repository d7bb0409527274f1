/**
 * A mutation under a key chosen by its caller happens once: the key's row commits together with the effect and holds the
 * answer. The same request again gets that answer; another request under the key is refused; a rival that comes while
 * the first is under way waits for it. Keys live 24 hours, a scope is (party, operation).
 */
import { createHash } from 'node:crypto';
import { canonicalJson, DomainError, type Json } from '#kernel';
import type { Tx } from '#platform/database';

export interface IdempotentCall {
  /** Name of the mutation. */
  readonly operation: string;
  /** 16 to 64 characters of A–Z a–z 0–9 - _ . : from the caller. */
  readonly key: string;
  /** What is asked; compared by hash, never stored. Leave out what may differ between tries. */
  readonly request: object;
}

export class IdempotencyMismatchError extends DomainError {
  constructor() {
    super('IDEMPOTENCY_MISMATCH', 'the key was used for another request');
  }
}

export class IdempotencyInProgressError extends DomainError {
  constructor() {
    super('IDEMPOTENCY_IN_PROGRESS', 'a request with this key is still under way');
  }
}

const KEY = /^[\w.:-]{16,64}$/;

export class Idempotency {
  /** The result must survive JSON: a replay returns what JSON made of it. */
  async run<T>(tx: Tx, call: IdempotentCall, work: () => Promise<T>): Promise<T> {
    if (!KEY.test(call.key)) throw new DomainError('BAD_INPUT', 'idempotency keys have 16 to 64 characters', { field: 'idempotencyKey' });
    const scope = [tx.actor.partyId, call.operation, call.key] as const;
    const hash = createHash('sha256').update(canonicalJson(JSON.parse(JSON.stringify(call.request)) as Json)).digest();
    if (!await this.claim(tx, scope, hash)) return await this.replay<T>(tx, scope, hash);
    const result = await work();
    await tx.execute('update platform.idempotency_key set result = $4 where party_id = $1 and operation = $2 and key = $3',
      [...scope, JSON.stringify(result ?? null)]);
    return result;
  }

  /** Waits for a rival's transaction to end, as long as lock_timeout allows. */
  private async claim(tx: Tx, scope: readonly string[], hash: Buffer): Promise<boolean> {
    try {
      return await tx.execute(
        'insert into platform.idempotency_key (party_id, operation, key, request_hash) values ($1, $2, $3, $4) on conflict do nothing', [...scope, hash]) === 1;
    } catch (error) {
      if ((error as { code?: unknown }).code === '55P03') throw new IdempotencyInProgressError(); // lock_not_available
      throw error;
    }
  }

  private async replay<T>(tx: Tx, scope: readonly string[], hash: Buffer): Promise<T> {
    const [known] = await tx.query<{ request_hash: Buffer; result: unknown }>(
      'select request_hash, result from platform.idempotency_key where party_id = $1 and operation = $2 and key = $3', scope);
    if (!known) throw new IdempotencyInProgressError();
    if (!known.request_hash.equals(hash)) throw new IdempotencyMismatchError();
    return known.result as T;
  }
}

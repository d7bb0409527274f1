/**
 * Answers whether others hold these tokens. The quota counts tokens, not requests; the record keeps counts and hits. No token of a miss is
 * kept anywhere: the idempotency row would otherwise hold a hash that confirms a single token later, so the key that the client chose
 * is mixed into the hash and is itself stored hashed.
 */
import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { MatchingRepository, type CheckResult, type StatedPurpose } from '#domain/overlaps';
import { DomainError } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { assertStated } from './stated-purpose.policy.js';

export const CHECK_MAX = 500;
const TOKEN = /^[0-9a-f]{32}$/;
const KEY = /^[\w.:-]{16,64}$/;

export interface CheckTokens extends StatedPurpose {
  readonly idempotencyKey: string;
  readonly tokens: readonly string[];
  /** The same values in the epoch before, one for each token; none when no epoch goes on beside the current one. */
  readonly formerTokens?: readonly string[] | null;
}

@Injectable()
export class CheckTokensFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly matching: MatchingRepository, private readonly idempotency: Idempotency, private readonly audit: AuditIntake,
  ) {}

  async run(actor: Actor, input: CheckTokens): Promise<CheckResult> {
    assertStated(input);
    const { tokens, purpose, idempotencyKey } = input;
    const former = input.formerTokens ?? null;
    if (tokens.length < 1 || tokens.length > CHECK_MAX) throw new DomainError('LIMIT_EXCEEDED', 'tokens', { limit: 'tokens', maximum: CHECK_MAX });
    if (!tokens.every((token) => TOKEN.test(token))) throw new DomainError('BAD_INPUT', 'tokens', { field: 'tokens' });
    if (former !== null && (former.length !== tokens.length || !former.every((token) => TOKEN.test(token)))) throw new DomainError('BAD_INPUT', 'tokens', { field: 'formerTokens' });
    if (!KEY.test(idempotencyKey)) throw new DomainError('BAD_INPUT', 'idempotency key', { field: 'idempotencyKey' });
    const request = { sha256: sha256(`request\n${idempotencyKey}\n${purpose}\n${JSON.stringify(input.legalBasis)}\n${tokens.join('\n')}\n${former === null ? '' : former.join('\n')}`) };
    const operation = { operation: 'checkTokens', key: sha256(`key\n${idempotencyKey}`), request };
    return this.tenant.run({ ...actor, purpose }, (tx) => this.idempotency.run(tx, operation, async () => {
      const result = await this.matching.check(tx, input, tokens, former);
      const hits = result.answers.filter(({ band }) => band !== 'ZERO').length;
      await this.audit.append(tx, { kind: 'tokens.checked', disclosureId: result.disclosureId, purpose, asked: tokens.length, hits });
      return result;
    }));
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

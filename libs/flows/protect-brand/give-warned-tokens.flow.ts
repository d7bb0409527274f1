/** A member's agent gives the tokens of a warning list that it computed from the clear list. The hub cannot: it has no values. */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { WarnedTokensRepository, WARNED_LISTS, type WarnedList } from '#domain/brands';
import { DomainError } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';

export interface GiveWarnedTokens {
  readonly idempotencyKey: string;
  readonly list: string;
  readonly epoch: number;
  readonly replace: boolean;
  readonly tokens: readonly string[];
}

const CALL_MAX = 500;
/** Of one member in one epoch, all lists: a list that shields thousands of numbers is no list of brands. */
const WARNED_OF_MEMBER_MAX = 5_000;
const TOKEN = /^[0-9a-f]{32}$/;

@Injectable()
export class GiveWarnedTokensFlow {
  constructor(private readonly tenant: TenantTx, private readonly warned: WarnedTokensRepository, private readonly idempotency: Idempotency, private readonly audit: AuditIntake) {}

  /** @throws DomainError BAD_INPUT, LIMIT_EXCEEDED, EPOCH_NOT_OPEN */
  async run(actor: Actor, { idempotencyKey, list, epoch, replace, tokens }: GiveWarnedTokens): Promise<{ readonly given: number }> {
    if (!(WARNED_LISTS as readonly string[]).includes(list)) throw new DomainError('BAD_INPUT', 'list', { field: 'list' });
    if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffff_ffff) throw new DomainError('BAD_INPUT', 'epoch', { field: 'epoch' });
    if (tokens.length < 1 || tokens.length > CALL_MAX) throw new DomainError('LIMIT_EXCEEDED', 'tokens', { limit: 'tokens', maximum: CALL_MAX });
    if (!tokens.every((token) => TOKEN.test(token))) throw new DomainError('BAD_INPUT', 'tokens', { field: 'tokens' });
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'giveWarnedTokens', key: idempotencyKey, request: { list, epoch, replace, tokens: [...tokens] } }, async () => {
      await this.warned.hold(tx, epoch);
      if (replace) await this.warned.forget(tx, actor.partyId, list as WarnedList, epoch);
      await this.warned.give(tx, actor.partyId, list as WarnedList, epoch, tokens, WARNED_OF_MEMBER_MAX);
      await this.audit.append(tx, { kind: 'warnings.given', list, epoch, tokens: tokens.length });
      return { given: tokens.length };
    }));
  }
}

/** SQL of the warned tokens that a member gave. Which of them are in force is decided in `match.warned`. */
import { DomainError, type MemberId } from '#kernel';
import type { Tx } from '#platform/database';

export const WARNED_LISTS = ['AUTHORITY', 'BENIGN', 'OWN'] as const;
export type WarnedList = (typeof WARNED_LISTS)[number];

export class WarnedTokensRepository {
  /** Until this transaction ends, no epoch is closed. @throws DomainError EPOCH_NOT_OPEN */
  async hold(tx: Tx, epoch: number): Promise<void> {
    await tx.query('select match.hold_epochs()');
    const [row] = await tx.query<{ open: boolean }>('select match.epoch_open($1) as open', [epoch]);
    if (row?.open !== true) throw new DomainError('EPOCH_NOT_OPEN', 'warned tokens of an epoch that is not open', { epoch });
  }

  /** Takes away what the member gave for this list in this epoch before. That of another epoch goes on beside it. */
  async forget(tx: Tx, memberId: MemberId, list: WarnedList, epoch: number): Promise<void> {
    await tx.execute('delete from tally.warned_token where member_id = $1 and list = $2 and epoch = $3', [memberId, list, epoch]);
  }

  /** @param most of one epoch. @param tokens 32 lower-case hex digits each. @throws DomainError LIMIT_EXCEEDED */
  async give(tx: Tx, memberId: MemberId, list: WarnedList, epoch: number, tokens: readonly string[], most: number): Promise<void> {
    await tx.execute(
      `insert into tally.warned_token (member_id, epoch, token, list)
         select $1, $2, decode(substr($3, 32 * i + 1, 32), 'hex'), $4 from generate_series(0, length($3) / 32 - 1) i on conflict do nothing`,
      [memberId, epoch, tokens.join(''), list]);
    const [row] = await tx.query<{ n: number }>('select count(*)::int as n from tally.warned_token where member_id = $1 and epoch = $2', [memberId, epoch]);
    if ((row?.n ?? 0) > most) throw new DomainError('LIMIT_EXCEEDED', 'warned tokens', { limit: 'warnedTokens', maximum: most });
  }
}

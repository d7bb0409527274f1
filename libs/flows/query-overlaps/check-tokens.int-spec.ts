import { randomUUID } from 'node:crypto';
import { AuditIntake } from '#domain/audit';
import { MatchingRepository, OverlapsRepository } from '#domain/overlaps';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { aRegisteredParty, tokenOf, withTestDatabase } from '#testing';
import { CheckTokensFlow } from './check-tokens.flow.js';
import { QueryOverlapsFlow } from './query-overlaps.flow.js';

const db = withTestDatabase();
const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } } as const;
const audit = new AuditIntake();
const aBank = async (): Promise<Actor> => {
  const { id } = await aRegisteredParty('member').in(db.admin);
  return { partyId: id, role: 'member', clientId: id, purpose: null };
};
const flows = async () => {
  const { tenant } = await db.app();
  return {
    check: new CheckTokensFlow(tenant, new MatchingRepository(), new Idempotency(), audit),
    query: new QueryOverlapsFlow(tenant, new OverlapsRepository(), audit),
  };
};
const historyOf = async (actor: Actor): Promise<{ kind: string }[]> =>
  (await db.admin<{ event: string }>('select event from audit.intake where party_id = $1 order by seq', [actor.partyId])).map(({ event }) => JSON.parse(event) as { kind: string });
const usedBy = async ({ partyId }: Actor): Promise<unknown[]> => db.admin('select used from tally.check_quota where member_id = $1', [partyId]);

describe(CheckTokensFlow.name, () => {
  it('debits once a key, records each answer, and keeps nothing that confirms a missed token', async () => {
    const [{ check }, b] = [await flows(), await aBank()];
    const idempotencyKey = randomUUID();
    const input = { idempotencyKey, ...STATED, tokens: [tokenOf('miss')] };
    const answer = await check.run(b, input);
    expect(answer.answers).toMatchObject([{ band: 'ZERO' }]);
    expect(await check.run(b, input)).toEqual(answer);
    await expect(check.run(b, { ...input, tokens: [tokenOf('another')] })).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    expect(await usedBy(b)).toEqual([{ used: 1 }]);
    expect(await historyOf(b)).toMatchObject([{ kind: 'tokens.checked', asked: 1, hits: 0, purpose: 'FRAUD_PREVENTION', disclosureId: answer.disclosureId }]);
    // Neither the token nor the key that salts its hash is anywhere.
    const [row] = await db.admin<{ all: string }>(`select (select string_agg(k::text, ' ') from platform.idempotency_key k) || (select string_agg(i::text, ' ') from audit.intake i)
      || (select string_agg(d::text, ' ') from tally.disclosure d) as all`);
    expect(row?.all).not.toContain(tokenOf('miss'));
    expect(row?.all).not.toContain(idempotencyKey);
  });

  it.each([
    [{ purpose: 'MARKETING' }, 'BAD_INPUT'], [{ legalBasis: { code: 'LEGITIMATE_INTEREST' } }, 'BAD_INPUT'], [{ legalBasis: { code: 'STATUTORY_DUTY' } }, 'BASIS_NOT_APPLICABLE'],
    [{ formerTokens: [] }, 'BAD_INPUT'], [{ formerTokens: ['A'.repeat(32)] }, 'BAD_INPUT'], [{ formerTokens: [tokenOf('x'), tokenOf('y')] }, 'BAD_INPUT'],
    [{ tokens: [] }, 'LIMIT_EXCEEDED'], [{ tokens: ['A'.repeat(32)] }, 'BAD_INPUT'], [{ idempotencyKey: 'short' }, 'BAD_INPUT'],
  ])('refuses %j and debits nothing', async (change, code) => {
    const [{ check }, b] = [await flows(), await aBank()];
    await expect(check.run(b, { idempotencyKey: randomUUID(), ...STATED, tokens: [tokenOf('x')], ...change } as never)).rejects.toMatchObject({ code });
    expect([await usedBy(b), await historyOf(b)]).toEqual([[], []]);
  });
});

describe(QueryOverlapsFlow.name, () => {
  it('puts every look on record with its purpose', async () => {
    const [{ query }, a] = [await flows(), await aBank()];
    await query.list(a, STATED, { first: 10, after: null }, null);
    await expect(query.find(a, STATED, randomUUID() as never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(query.list(a, { ...STATED, purpose: 'MARKETING' as never }, { first: 10, after: null }, null)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(query.list(a, STATED, { first: 10, after: 'x' }, null)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    expect(await db.admin('select kind, client_id, purpose, basis_code, asked, hits from tally.disclosure where member_id = $1', [a.partyId]))
      .toEqual([{ kind: 'OVERLAPS', client_id: a.clientId, purpose: 'FRAUD_PREVENTION', basis_code: 'PUBLIC_INTEREST', asked: 10, hits: 0 }]);
    expect(await historyOf(a)).toMatchObject([{ kind: 'overlaps.listed', given: 0 }]);
  });
});

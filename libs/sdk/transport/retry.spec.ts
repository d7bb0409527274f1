import { withRetry, type Chance, type RetryPolicy } from './retry.js';
import { ServiceError, retriesOfServiceError, serviceErrorOf } from './service-error.js';

const policy: RetryPolicy = { budgetMs: 1_000, baseMs: 100, capMs: 400, attempts: 40 };
function fakeChance(): Chance & { pauses: number[] } {
  const pauses: number[] = [];
  let now = 0;
  return { pauses, random: () => 0.5, now: () => now, sleep: async (ms) => { pauses.push(ms); now += ms; } };
}

describe(withRetry.name, () => {
  it('tries an unreachable service again within its budget, with growing pauses', async () => {
    const chance = fakeChance();
    const down = new ServiceError('UNREACHABLE', 'down');
    await expect(withRetry(() => Promise.reject(down), retriesOfServiceError, policy, chance)).rejects.toBe(down);
    expect(chance.pauses).toEqual([100, 200, 200, 200, 200]);
  });
  it('returns the first answer that comes', async () => {
    let calls = 0;
    const work = async (): Promise<string> => { if (++calls < 3) throw new ServiceError('UNREACHABLE', 'down'); return 'up'; };
    await expect(withRetry(work, retriesOfServiceError, policy, fakeChance())).resolves.toBe('up');
  });
  it('does not repeat what was refused', async () => {
    let calls = 0;
    const work = async (): Promise<never> => { calls += 1; throw new ServiceError('FORBIDDEN', 'no'); };
    await expect(withRetry(work, retriesOfServiceError, policy, fakeChance())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(calls).toBe(1);
  });
});

describe(serviceErrorOf.name, () => {
  it('believes a published code and flat fields only', () => {
    const error = serviceErrorOf('hub', 400, { code: 'LIMIT_EXCEEDED', correlationId: 'not a uuid', fields: { max: 500, deep: { a: 1 }, long: 'x'.repeat(201) } });
    expect(error.code).toBe('LIMIT_EXCEEDED');
    expect(error.fields).toEqual({ max: 500, service: 'hub' });
  });
  it('takes a proxy answer by its status', () => {
    expect(serviceErrorOf('hub', 502, 'bad gateway').code).toBe('UNREACHABLE');
    expect(serviceErrorOf('hub', 418, { code: 'TEAPOT' }).code).toBe('BAD_INPUT');
  });
});

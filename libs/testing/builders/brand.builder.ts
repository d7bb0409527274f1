/** A signed brand statement as an agent would make it. */
import { randomUUID } from 'node:crypto';
import { signStatement, type PrivateJwk } from '#crypto';
import type { Json } from '#kernel';
import type { BrandStatement } from '#protocol';

export function aBrand(owner: string, change: Partial<BrandStatement> = {}): BrandStatement {
  return {
    v: 1, federation: 'fed', owner, brand: randomUUID(), revision: 1, names: ['深圳前海微众银行股份有限公司', '微众银行'], marks: [], latin: ['WeBank'], numbers: ['95384'], domains: ['webank.com'], accounts: [],
    withdrawn: false, time: '2026-11-22T08:00:00.000Z', ...change,
  };
}

export function signedBrand(statement: BrandStatement, key: PrivateJwk): Promise<string> {
  return signStatement('tally-brand+1', statement as unknown as Json, key);
}

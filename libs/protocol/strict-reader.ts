/** Strict reading of signed documents: shapes, ranges, one spelling for each value. */
import { DomainError, type Json } from '#kernel';

export type DocumentName = 'manifest' | 'roster' | 'status' | 'share' | 'ceremony';

/** Reads exactly these members of an object; unknown and missing ones are refused, so that nothing signed is silently ignored. */
export function reader(document: DocumentName, json: Json | undefined, members: readonly string[]) {
  refuseUnless(typeof json === 'object' && json !== null && !Array.isArray(json), document, 'shape');
  const object = json as { readonly [key: string]: Json };
  refuseUnless(Object.keys(object).sort().join() === [...members].sort().join(), document, 'members');
  const value = (name: string): Json | undefined => object[name];
  const check = (ok: boolean, name: string): void => refuseUnless(ok, document, name);
  const instant = (name: string): void => check(isInstant(value(name)), name);
  return {
    value,
    instant,
    instants: (): void => { instant('validFrom'); instant('validUntil'); },
    one: (name: string, allowed: readonly Json[]): void => check(allowed.includes(value(name) as Json), name),
    point: (name: string): void => check(isPoint(value(name)), name),
    text: (name: string): string => {
      const text = value(name);
      check(typeof text === 'string' && text.length >= 1 && text.length <= 200, name);
      return text as string;
    },
    integer: (name: string, least: number, most: number): number => {
      const number = value(name);
      check(typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= most, name);
      return number as number;
    },
    list: (name: string, least: number, most: number): readonly Json[] => {
      const list = value(name);
      check(Array.isArray(list) && list.length >= least && list.length <= most, name);
      return list as readonly Json[];
    },
  };
}

/** RFC 3339 in UTC as Date.prototype.toISOString writes it. */
function isInstant(value: Json | undefined): boolean {
  if (typeof value !== 'string') return false;
  const time = Date.parse(value);
  return Number.isFinite(time) && new Date(time).toISOString() === value;
}

/** 32 bytes in their one base64url spelling. */
export function isPoint(value: Json | undefined): boolean {
  return typeof value === 'string' && value.length === 43 && Buffer.from(value, 'base64url').toString('base64url') === value;
}

/** @throws DomainError MANIFEST_INVALID; BAD_INPUT for a message of a ceremony */
export function refuseUnless(ok: boolean, document: DocumentName, field: string): void {
  if (!ok) throw new DomainError(document === 'ceremony' ? 'BAD_INPUT' : 'MANIFEST_INVALID', `${document}: ${field}`, { document, field });
}

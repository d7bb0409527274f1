/**
 * Shapes of a member's brand statement and of what an alert carries (docs/impersonation.md). The statement is public among members and
 * signed with the member's evidence key (typ tally-brand+1); the alert is sealed to the brand's owner, the hub sees ids only.
 */
import { DomainError, isUuid } from '#kernel';

export interface BrandStatement {
  readonly v: 1;
  readonly federation: string;
  readonly owner: string;
  readonly brand: string;
  /** From 1; a later statement of a brand has a higher one. */
  readonly revision: number;
  readonly names: readonly string[];
  readonly marks: readonly string[];
  readonly latin: readonly string[];
  readonly numbers: readonly string[];
  readonly domains: readonly string[];
  readonly accounts: readonly string[];
  /** True: nothing is protected any longer; the lists are empty. */
  readonly withdrawn: boolean;
  readonly time: string;
}

export const BRAND_LISTS = ['names', 'marks', 'latin', 'numbers', 'domains', 'accounts'] as const;
const BRAND_LIST_MAX = 64;
export const BRANDS_OF_MEMBER_MAX = 20;
const ENTRY_MAX = 200;
const MEMBERS = new Set(['v', 'federation', 'owner', 'brand', 'revision', ...BRAND_LISTS, 'withdrawn', 'time']);

/** One finding of the agent that sends the alert. */
export interface AlertedValue {
  readonly kind: string;
  /** As the reporter holds it. */
  readonly value: string;
  readonly how: string;
  /** The brand's own entry that it comes near. */
  readonly entry: string;
  readonly category: string;
  readonly firstSeen: string;
}
export interface BrandAlert {
  readonly v: 1;
  readonly brand: string;
  readonly values: readonly AlertedValue[];
}
/** Values in one alert. */
export const ALERT_VALUES_MAX = 40;
export const ALERT_BYTES_MAX = 131_072;

/** @throws DomainError BAD_INPUT naming the member at fault */
export function parseBrandStatement(value: unknown): BrandStatement {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fault('statement');
  const statement = value as Record<string, unknown>;
  for (const name of Object.keys(statement)) if (!MEMBERS.has(name)) throw fault('unknown member');
  if (statement['v'] !== 1) throw fault('v');
  if (!isEntry(statement['federation'])) throw fault('federation');
  if (!isUuid(statement['owner'])) throw fault('owner');
  if (!isUuid(statement['brand'])) throw fault('brand');
  if (!Number.isSafeInteger(statement['revision']) || (statement['revision'] as number) < 1 || (statement['revision'] as number) > 0x7fff_ffff) throw fault('revision');
  for (const list of BRAND_LISTS) if (!isList(statement[list])) throw fault(list);
  if (typeof statement['withdrawn'] !== 'boolean') throw fault('withdrawn');
  if (typeof statement['time'] !== 'string' || Number.isNaN(Date.parse(statement['time']))) throw fault('time');
  const parsed = value as BrandStatement;
  const entries = BRAND_LISTS.reduce((sum, list) => sum + parsed[list].length, 0);
  if (parsed.withdrawn ? entries > 0 : parsed.names.length + parsed.latin.length + parsed.domains.length === 0) throw fault('names');
  // A single character is in every name.
  if (parsed.marks.some((mark) => [...mark].length < 2)) throw fault('marks');
  return parsed;
}

/** @throws DomainError BAD_INPUT */
export function parseBrandAlert(value: unknown): BrandAlert {
  const alert = value as BrandAlert | null;
  const texts = (one: AlertedValue): unknown[] => [one.kind, one.value, one.how, one.entry, one.category, one.firstSeen];
  const whole = typeof alert === 'object' && alert !== null && alert.v === 1 && isUuid(alert.brand) && Array.isArray(alert.values)
    && alert.values.length <= ALERT_VALUES_MAX && alert.values.every((one) => typeof one === 'object' && texts(one).every((text) => typeof text === 'string' && text.length <= 2048));
  if (!whole) throw fault('alert');
  return alert;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= BRAND_LIST_MAX && value.every(isEntry) && new Set(value).size === value.length;
}
function isEntry(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= ENTRY_MAX && value.trim() === value && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(value);
}
function fault(field: string): DomainError {
  return new DomainError('BAD_INPUT', 'brand statement', { field });
}

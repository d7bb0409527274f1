/** Roles x operations, from what the operations declare and what scopes each role may hold. */
import { PARTY_ROLES, SCOPES_OF_ROLE, type PartyRole } from '#protocol';
import type { Operation } from '#platform/auth';

export interface AccessRow {
  readonly operation: string;
  readonly kind: Operation['kind'];
  readonly scopes: readonly string[];
  /** Why it is public; null for operations that need a caller. */
  readonly public: string | null;
  readonly roles: readonly PartyRole[];
}

export function rowsOf(operations: readonly Operation[]): AccessRow[] {
  return operations.map(({ name, kind, rule }) => {
    if (rule === undefined) throw new Error(`${name} declares no access`);
    if (rule.kind === 'public') return { operation: name, kind, scopes: [], public: rule.reason, roles: [...PARTY_ROLES] };
    return { operation: name, kind, scopes: rule.scopes, public: null, roles: PARTY_ROLES.filter((role) => rule.scopes.some((scope) => SCOPES_OF_ROLE[role].includes(scope))) };
  });
}

export function accessMapJson(rows: readonly AccessRow[]): string {
  return `${JSON.stringify({ roles: PARTY_ROLES, operations: rows }, null, 2)}\n`;
}

export function accessMapMarkdown(rows: readonly AccessRow[]): string {
  const mark = (row: AccessRow, role: PartyRole): string => (row.public !== null ? 'public' : row.roles.includes(role) ? 'yes' : '-');
  return [
    '# Access map', '',
    'Printed from the code by `npm run access-map`; compared in CI. `yes`: a token of that role may hold one of the scopes; which rows it then',
    'sees is row-level security\'s. Everything else is refused.', '',
    `| operation | scope | ${PARTY_ROLES.join(' | ')} |`, `| --- | --- |${' --- |'.repeat(PARTY_ROLES.length)}`,
    ...rows.map((row) => `| \`${row.operation}\` | ${row.public === null ? row.scopes.map((scope) => `\`${scope}\``).join(' or ') : row.public} | ${PARTY_ROLES.map((role) => mark(row, role)).join(' | ')} |`),
    '',
  ].join('\n');
}

/** What the database holds, past row-level security: a digest of every row of every business table. */
import type { TestDatabase } from '#testing';

const SCHEMAS = ['directory', 'tally', 'platform', 'audit', 'oidc'];
/** Set aside with reasons: nothing. Proof identifiers (sec.replay) are in another schema and change with every call. */

/** Table name to digest of its rows; with `naming`, of the rows that contain that text. */
export async function stateOf(db: TestDatabase, naming?: string): Promise<Record<string, string>> {
  const tables = await db.admin<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any ($1) order by 1`, [SCHEMAS]);
  if (tables.length < 10) throw new Error('too few tables: the digest would prove nothing');
  const parts = tables.map(({ name }) => `select '${name}' as name, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '-') as digest from ${name} t ${naming === undefined ? '' : 'where position($1 in t::text) > 0'}`);
  const rows = await db.admin<{ name: string; digest: string }>(parts.join(' union all '), naming === undefined ? [] : [naming]);
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
}

/** What the database holds, past row-level security: a digest of every row of every business table, over one connection. */
import type { DataSource } from 'typeorm';
import { createDataSource } from '#platform/database';
import type { TestDatabase } from '#testing';

/** `sec` is not among them: identifiers of used proofs (sec.replay) change with every call. */
const SCHEMAS = ['directory', 'tally', 'match', 'platform', 'audit', 'oidc'];

export class StateDigest {
  private constructor(private readonly source: DataSource, private readonly tables: readonly string[]) {}

  static async open(db: TestDatabase): Promise<StateDigest> {
    const source = await createDataSource({ url: db.adminUrl, applicationName: 'tally-test-state', poolSize: 1 });
    const rows: { name: string }[] = await source.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any ($1) order by 1`, [SCHEMAS]);
    if (rows.length < 10) throw new Error('too few tables: the digest would prove nothing');
    return new StateDigest(source, rows.map(({ name }) => name));
  }

  /** Table name to digest of its rows; with `naming`, of the rows that contain that text. */
  async read(naming?: string): Promise<Record<string, string>> {
    const filter = naming === undefined ? '' : 'where position($1 in t::text) > 0';
    const parts = this.tables.map((name) => `select '${name}' as name, coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '-') as digest from ${name} t ${filter}`);
    const rows: { name: string; digest: string }[] = await this.source.query(parts.join(' union all '), naming === undefined ? [] : [naming]);
    return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}

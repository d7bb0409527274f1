/** Judges a migrated database by its catalogue; the exceptions are a list with reasons, and one that is not needed is a fault. */
import type { ClientBase } from 'pg';
import { CATALOGUE_EXCEPTIONS, type CatalogueException } from './catalogue.exceptions.js';
import { CATALOGUE_RULES } from './catalogue-rules.js';

export interface Violation {
  readonly rule: string;
  /** What breaks it, e.g. `tally.clue` or `tally.clue SELECT tally_app`. */
  readonly object: string;
}

/** Needs a role that sees the whole catalogue; reads nothing but pg_catalog. */
export async function checkCatalogue(client: ClientBase, exceptions: readonly CatalogueException[] = CATALOGUE_EXCEPTIONS): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { rule, sql } of CATALOGUE_RULES) {
    const { rows } = await client.query<{ object: string }>(sql);
    for (const object of rows.map((row) => row.object).sort()) found.push({ rule, object });
  }
  const unexcused = found.filter((violation) => !exceptions.some((exception) => excuses(exception, violation)));
  const unneeded = exceptions.filter((exception) => !found.some((violation) => excuses(exception, violation)));
  return [...unexcused, ...unneeded.map(({ rule, object }) => ({ rule: 'exception-unneeded', object: `${rule} ${object}` }))];
}

function excuses(exception: CatalogueException, violation: Violation): boolean {
  if (exception.rule !== violation.rule) return false;
  return exception.object.endsWith('*') ? violation.object.startsWith(exception.object.slice(0, -1)) : exception.object === violation.object;
}

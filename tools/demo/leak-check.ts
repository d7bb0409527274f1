/**
 * The dump scan: does anything the network keeps hold a value that a bank handed to its agent? Looked at: a text dump of
 * every table (hub, auth, worker, key-holders), the data directory after CHECKPOINT, job payloads, log files.
 * A control value is planted in a table, in a job and in a log first; a scan that misses one of them proves nothing.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { withClient } from '#platform/database';
import { createQueue, type BullQueue } from '#platform/queue';
import { PatternIndex } from './dump-scan/pattern-index.js';
import { isLongEnough } from './dump-scan/patterns.js';
import { scanFolder, scanStream, type Place, type PlaceFinding } from './dump-scan/scan-streams.js';

export interface LeakReport {
  readonly values: number;
  readonly tooShort: number;
  readonly found: number;
  readonly controlFound: boolean;
  readonly bytes: Readonly<Record<Place, number>>;
  /** Where, never what. */
  readonly places: readonly string[];
}

export interface LeakScan {
  /** Superuser URLs of every database of the network; the first is the hub's. */
  readonly databases: readonly string[];
  readonly dataDirectory: string | null;
  readonly logFolder: string;
  /** A log file of the network, for the control. */
  readonly logFile: string;
  readonly values: Iterable<string>;
}

const CONTROL_TABLE = 'platform.leak_scan_control';
const JOB_TABLES = /^queue\./;

export async function scanForLeaks(scan: LeakScan): Promise<LeakReport> {
  const all = new Set<string>();
  let tooShort = 0;
  for (const value of scan.values) {
    if (isLongEnough(value)) all.add(value);
    else tooShort += 1;
  }
  const control = `control-${randomBytes(12).toString('hex')}`;
  const values = [...all, control];
  const controlId = values.length - 1;
  const index = new PatternIndex(values);
  const findings: PlaceFinding[] = [];
  const bytes: Record<Place, number> = { table: 0, directory: 0, job: 0, log: 0 };

  await plant(scan, control);
  try {
    for (const url of scan.databases) await scanTables(url, index, findings, bytes);
    if (scan.dataDirectory !== null) bytes.directory = await scanFolder(index, scan.dataDirectory, 'directory', findings);
    bytes.log = await scanFolder(index, scan.logFolder, 'log', findings);
  } finally {
    await unplant(scan);
  }
  const controlPlaces = new Set(findings.filter((finding) => finding.value === controlId).map((finding) => finding.place));
  const leaks = findings.filter((finding) => finding.value !== controlId);
  return {
    values: all.size, tooShort, found: leaks.length, bytes,
    controlFound: (['table', 'job', 'log'] as const).every((place) => controlPlaces.has(place)) && (scan.dataDirectory === null || controlPlaces.has('directory')),
    places: [...new Set(leaks.map((leak) => `${leak.place}: ${leak.where} (encoding ${leak.encoding})`))].slice(0, 20),
  };
}

async function withControlQueue(scan: LeakScan, work: (queue: BullQueue) => Promise<unknown>): Promise<void> {
  const queue = createQueue(scan.databases[0]!, 'leak-scan-control');
  try {
    await work(queue);
  } finally {
    await queue.close();
  }
}

/** The job goes into a queue of its own name, which no worker serves. */
async function plant(scan: LeakScan, control: string): Promise<void> {
  await withClient(scan.databases[0]!, async (client) => {
    await client.query(`create table if not exists ${CONTROL_TABLE} (value text)`);
    await client.query(`insert into ${CONTROL_TABLE} values ($1)`, [control]);
  });
  await withControlQueue(scan, (queue) => queue.add('control', { value: control }));
  appendFileSync(scan.logFile, `{"event":"leak-scan.control","value":"${control}"}\n`);
}

async function unplant(scan: LeakScan): Promise<void> {
  await withClient(scan.databases[0]!, (client) => client.query(`drop table if exists ${CONTROL_TABLE}`));
  await withControlQueue(scan, (queue) => queue.obliterate({ force: true }));
}

async function scanTables(url: string, index: PatternIndex, findings: PlaceFinding[], bytes: Record<Place, number>): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('checkpoint');
    for (const table of await tablesOf(client)) {
      const place: Place = JOB_TABLES.test(table.name) ? 'job' : 'table';
      const rows = client.query(copyStreams.to(`copy (select * from ${table.quoted}) to stdout`));
      bytes[place] += await scanStream(index, rows as unknown as AsyncIterable<Buffer>, place, table.name, findings);
    }
  });
}

async function tablesOf(client: pg.Client): Promise<{ name: string; quoted: string }[]> {
  const { rows } = await client.query<{ name: string; quoted: string }>(`
    select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' order by 1`);
  return rows;
}

/**
 * The main job end to end, as its user starts it: real processes, real databases, real queue. The same scenario is run
 * once in peace, once with every kind of process killed while it works, and once with a key-holder that never comes up;
 * what the banks are told must not differ.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MAIN = path.resolve('dist/tools/demo/main.js');
const base = mkdtempSync(path.join(os.tmpdir(), 'tally-demo-'));

interface Run {
  readonly exit: number | null;
  readonly output: string;
  readonly report: Record<string, unknown>;
  readonly exported: Readonly<Record<string, string>>;
}

/** Row, kind, strength, members of overlaps; line, row, code, reason of rejects. Ids of overlaps differ from run to run. */
const told = (csv: string): string => csv.trim().split('\n').map((line) => line.split(',').slice(0, 4).join(',')).sort().join('\n');

async function demo(name: string, ...options: string[]): Promise<Run> {
  const json = path.join(base, `${name}.json`);
  const exportDir = path.join(base, name);
  const child = spawn(process.execPath, [MAIN, '--small', '--seed', '7', '--dir', path.join(base, 'files'), '--json', json, '--export', exportDir, ...options], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString('utf8'); });
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (exit !== 0) return { exit, output, report: {}, exported: {} };
  const files = readdirSync(exportDir).filter((file) => /^(overlaps|rejects)-[abc]\.csv$/.test(file)).sort();
  const exported = Object.fromEntries(files.map((file) => [file, told(readFileSync(path.join(exportDir, file), 'utf8'))]));
  return { exit, output, report: JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>, exported };
}

/** What must not depend on luck: everything but times and the count of values that a dump holds. */
const lasting = ({ report }: Run): unknown => ({ ...report, stages: null });

describe('the demonstration', () => {
  let peaceful: Run;
  beforeAll(async () => { peaceful = await demo('peaceful'); }, 240_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('ends in its report and keeps every promise', () => {
    expect({ exit: peaceful.exit, tail: peaceful.exit === 0 ? '' : peaceful.output.slice(-2000) }).toEqual({ exit: 0, tail: '' });
    expect(peaceful.report).toMatchObject({ falseOverlaps: 0, package: { verified: true, contributors: 3 }, dumpScan: { found: 0, controlFound: true } });
    expect(Object.keys(peaceful.exported)).toHaveLength(6);
  });

  it('is unchanged when hub, worker, a key-holder and PostgreSQL are killed while they work', async () => {
    const drilled = await demo('drilled', '--drill', 'hub,worker,keyholder,postgres');
    expect({ exit: drilled.exit, tail: drilled.exit === 0 ? '' : drilled.output.slice(-2000) }).toEqual({ exit: 0, tail: '' });
    for (const name of ['hub', 'worker', 'keyholder', 'postgres']) expect(drilled.output).toContain(`${name} was killed and came back`);
    expect(lasting(drilled)).toEqual(lasting(peaceful));
    expect(drilled.exported).toEqual(peaceful.exported);
  }, 300_000);

  it('completes with one key-holder of three dead', async () => {
    const alone = await demo('alone', '--without-holder', '2');
    expect({ exit: alone.exit, tail: alone.exit === 0 ? '' : alone.output.slice(-2000) }).toEqual({ exit: 0, tail: '' });
    expect(lasting(alone)).toEqual(lasting(peaceful));
  }, 240_000);
});

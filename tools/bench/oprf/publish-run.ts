/** `tally publish` as its user runs it, watched: the whole command in a process of its own, against real key-holders. Only the hub is none (bench-hub.ts). */
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { PROFILE } from '../../demo/journey-publish.js';
import { compiled } from '../../demo/run-folder.js';
import type { BenchHolders } from './bench-holders.js';
import { type MemorySample, MemoryWatch } from './resident-memory.js';

const LOOK_MS = 200;

export interface Published {
  readonly counts: { readonly rows: number; readonly clues: number; readonly rejected: number; readonly repeated: number };
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
  readonly samples: readonly MemorySample[];
}

/** A vault that has seen nothing, so that every row is tokenised. @throws Error when the command fails or loses rows */
export async function publishAnew(network: BenchHolders, csv: string, engine: string, onProgress: (sample: MemorySample) => void = () => undefined): Promise<Published> {
  for (const name of ['vault', 'vault.key']) rmSync(network.home.file(name), { recursive: true, force: true });
  const profile = network.file('profile.json');
  writeFileSync(profile, JSON.stringify(PROFILE));
  const before = network.hub.clues;
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning', compiled('apps', 'agent', 'main.js'), 'publish', csv, '--profile', profile, '--rejects', network.file('rejects.csv'), '--json', '--home', network.home.directory,
  ], { env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', LANG: 'en', TALLY_ENGINE: engine }, stdio: ['ignore', 'pipe', 'pipe'] });
  const published = await watched(child, onProgress);
  const { clues, repeated, rejected, rows } = published.counts;
  if (clues !== network.hub.clues - before || clues + repeated + rejected !== rows) throw new Error('the agent did not bring every row to its end');
  return published;
}

async function watched(child: ChildProcess, onProgress: (sample: MemorySample) => void): Promise<Published> {
  const watch = new MemoryWatch(child.pid!);
  let [done, lastLine] = [0, ''];
  const looks = setInterval(() => { watch.look(done); }, LOOK_MS);
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lastLine = line;
    const rows = /"done":(\d+)/.exec(line);
    if (rows === null) return;
    done = Number(rows[1]);
    watch.look(done);
    const last = watch.samples.at(-1);
    if (last !== undefined) onProgress(last);
  });
  try {
    const [answer, exit] = await Promise.all([text(child.stdout!), new Promise<number | null>((resolve) => { child.once('close', resolve); })]);
    if (exit !== 0) throw new Error(`tally publish ended early: ${lastLine}`);
    return { ...(JSON.parse(answer) as Published), samples: watch.samples };
  } finally {
    clearInterval(looks);
    child.kill('SIGKILL');
  }
}

export function secondsOf({ stages }: Published, stage: string): number {
  return stages.find(({ name }) => name === stage)?.seconds ?? Number.NaN;
}

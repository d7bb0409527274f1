/**
 * A million generated phones through the whole network: agent and hub stay inside their memory, whatever the file's size.
 * Prints rows per second and where the time goes. `TALLY_HEAVY_ROWS` sets another size.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DemoNetwork } from '../../tools/demo/demo-network.js';
import type { DemoParties } from '../../tools/demo/demo-parties.js';
import { PROFILE } from '../../tools/demo/journey-publish.js';
import { tally } from '../../tools/demo/tally-command.js';
import { startHeavyNetwork, type HeavyNetwork } from './heavy-network.js';

const ROWS = Number(process.env['TALLY_HEAVY_ROWS'] ?? 1_000_000);
const AGENT_MB = 200;
const HUB_MB = 400;

/** Highest resident memory of a process so far, in MB (Linux proc(5), VmHWM). */
function peakMb(pid: number): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

describe(`publishing ${ROWS} phones`, () => {
  const base = mkdtempSync(path.join(os.tmpdir(), 'tally-heavy-'));
  let heavy: HeavyNetwork;
  let network: DemoNetwork;
  let parties: DemoParties;

  beforeAll(async () => {
    heavy = await startHeavyNetwork(base, ROWS * 2);
    ({ network, parties } = heavy);
  }, 300_000);

  afterAll(async () => {
    await heavy?.stop();
  }, 120_000);

  it(`keeps the agent under ${AGENT_MB} MB and the hub under ${HUB_MB} MB`, async () => {
    const made = spawnSync(process.execPath, ['dist/tools/scenario/main.js', '--out', base, '--phones', String(ROWS), '--only-phones'], { stdio: 'inherit' });
    expect(made.status).toBe(0);
    const profile = path.join(base, 'profile.json');
    writeFileSync(profile, JSON.stringify(PROFILE));
    let agent = 0;
    let agentMb = 0;
    const watch = setInterval(() => { agentMb = Math.max(agentMb, peakMb(agent)); }, 250);
    const started = performance.now();
    const answer = await tally<{ counts: { rows: number }; acceptedRows: number; stages: { name: string; seconds: number }[] }>(
      parties.bank('a').home, ['publish', path.join(base, 'bank-a.csv'), '--profile', profile, '--wait', '--wait-seconds', '3600'], { started: (pid) => { agent = pid; } });
    clearInterval(watch);
    const seconds = (performance.now() - started) / 1000;
    const hubMb = peakMb(network.pids()['hub']!);
    process.stdout.write(`${JSON.stringify({ rows: answer.counts.rows, accepted: answer.acceptedRows, seconds: Math.round(seconds), rowsPerSecond: Math.round(answer.counts.rows / seconds), agentMb, hubMb, stages: answer.stages })}\n`);
    expect(answer.counts.rows).toBeGreaterThanOrEqual(ROWS);
    expect(agentMb).toBeGreaterThan(0);
    expect(agentMb).toBeLessThan(AGENT_MB);
    expect(hubMb).toBeLessThan(HUB_MB);
  }, 4 * 3_600_000);
});

/** Real key-holder processes with ledgers in a real database, one member, and a hub that keeps nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { generatePrivateJwk, type PrivateJwk, publicJwk, signStatement } from '#crypto';
import type { Json } from '#kernel';
import { changeAddresses, createHome, fingerprintOf, parsePublicFile, type PartyHome } from '#sdk';
import { deal, signRoster } from '../../dealer/index.js';
import { DemoDatabase } from '../../demo/demo-database.js';
import { compiled, RunFolder } from '../../demo/run-folder.js';
import { BenchHub } from './bench-hub.js';

const FEDERATION = 'bench';
const HUB = 'bench-hub';
const PROFILE = 'test';
const LIST_LIVES_MS = 5_000;

interface RunningHolder { readonly child: ChildProcess; readonly url: string }

export class BenchHolders {
  private constructor(
    private readonly folder: string, private readonly database: DemoDatabase, readonly hub: BenchHub, private readonly holders: readonly RunningHolder[], readonly home: PartyHome,
  ) {}

  static async start({ threshold, holders, engine }: { threshold: number; holders: number; engine: string }): Promise<BenchHolders> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tally-bench-'));
    const run = RunFolder.open(folder, true);
    const database = await DemoDatabase.start(run, undefined);
    const keys = path.join(folder, 'holders');
    await deal({ out: keys, holders, threshold, federation: FEDERATION, hub: HUB, epoch: 1 }, PROFILE);
    const statusKey = generatePrivateJwk();
    const statusKeyFile = path.join(folder, 'status.jwk.json');
    writeFileSync(statusKeyFile, JSON.stringify(publicJwk(statusKey)));
    const hub = await BenchHub.start(() => statusListOf(statusKey, new Date()));
    const hubUrl = hub.url;
    const unaddressed = createHome(path.join(folder, 'home'), {
      role: 'member', name: 'Bench', nameZh: 'Bench', clientId: 'bench', hubUrl, authUrl: hubUrl, keyHolders: [], federationId: FEDERATION, hubId: HUB, federationPolicy: 'synthetic', officers: [],
    } as never);
    const evidenceKeys = unaddressed.publicFile().keys.filter(({ use }) => use === 'evidence').map(({ jwk }) => jwk);
    const rosterFile = path.join(keys, 'roster.json');
    await signRoster({ dir: keys, out: rosterFile, members: [{ memberId: unaddressed.party.partyId, evidenceKeys, attested: 100_000_000, budgets: { publish: 1e11, enrolment: 1e11, daily: 1e11 } }] }, PROFILE);
    const running: RunningHolder[] = [];
    for (let index = 1; index <= holders; index += 1) {
      running.push(await startHolder({
        ...(await database.prepareHolder(index)), TALLY_PROFILE: PROFILE, TALLY_ENGINE: engine, TALLY_FEDERATION_ID: FEDERATION, TALLY_SHARE_FILE: path.join(keys, `holder-${String(index)}/share.json`),
        TALLY_MANIFEST_FILE: path.join(keys, 'manifest.json'), TALLY_ROSTER_FILE: rosterFile, TALLY_HOLDER_PINS_FILE: path.join(keys, 'pins.json'),
        TALLY_STATUS_URL: `${hubUrl}/v1/status-list`, TALLY_STATUS_KEY_FILE: statusKeyFile, TALLY_LOG_FILE: path.join(folder, `holder-${String(index)}.log`),
      }));
    }
    const pins = parsePublicFile(JSON.parse(readFileSync(path.join(keys, 'pins.json'), 'utf8')));
    unaddressed.trust.add(pins, fingerprintOf(pins), new Date());
    const home = changeAddresses(unaddressed, { keyHolders: running.map(({ url }, i) => ({ id: `holder-${String(i + 1)}`, url })) });
    await Promise.all(running.map(({ url }) => untilReady(url)));
    return new BenchHolders(folder, database, hub, running, home);
  }

  /** CPU seconds of a key-holder's process since it started, its threads included. */
  async cpuSeconds(index: number): Promise<number> {
    const metrics = await (await fetch(`${this.holders[index - 1]!.url}/metrics`)).text();
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]);
  }

  file(...parts: string[]): string {
    const file = path.join(this.folder, ...parts);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  async stop(): Promise<void> {
    for (const { child } of this.holders) child.kill('SIGTERM');
    await Promise.all(this.holders.map(({ child }) => new Promise((resolve) => { if (child.exitCode !== null) resolve(null); else child.once('exit', resolve); })));
    this.hub.stop();
    await this.database.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function statusListOf(key: PrivateJwk, now: Date): Promise<string> {
  return signStatement('tally-status+1', { issuedAt: now.toISOString(), expiresAt: new Date(now.getTime() + LIST_LIVES_MS).toISOString(), suspended: [], cluster: 'none' } as Json, key);
}

const living = new Set<ChildProcess>();
process.once('exit', () => { for (const child of living) child.kill('SIGKILL'); });

async function startHolder(env: Record<string, string>): Promise<RunningHolder> {
  const child = spawn(process.execPath, [compiled('apps', 'keyholder', 'main.js')], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  living.add(child);
  child.once('exit', () => living.delete(child));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('"app.ready"')) continue;
    child.stdout.resume();
    return { child, url: (JSON.parse(line) as { url: string }).url };
  }
  throw new Error('a key-holder did not start');
}

async function untilReady(url: string): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if ((await fetch(`${url}/health/ready`)).status === 200) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error('a key-holder did not become ready');
}

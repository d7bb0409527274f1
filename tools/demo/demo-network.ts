/**
 * The network as its operators would run it: token server, hub, worker and three key-holders, each a process with key
 * files and a database role of its own. Addresses are fixed for a run, so that a restarted process is found again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { generatePrivateJwk, publicJwk, type PrivateJwk } from '#crypto';
import { deal, signRoster, type RosterEntry } from '../dealer/index.js';
import { authKeySets, hubPublicFile } from '../hub-secrets/hub-secrets.js';
import type { DemoDatabase } from './demo-database.js';
import { compiled, type RunFolder } from './run-folder.js';
import { SupervisedProcess } from './supervisor.js';

export const FEDERATION = 'demo-federation';
export const HUB = 'demo-hub';
export const HOLDERS = 3;
const THRESHOLD = 2;
const EPOCH = 1;
const PROFILE = 'demo';

export interface Addresses {
  readonly hub: string;
  readonly auth: string;
  readonly holders: readonly { readonly id: string; readonly url: string }[];
}

type PortName = 'hub' | 'auth' | 'worker' | `holder${number}`;

async function freePorts(names: readonly PortName[]): Promise<Record<string, number>> {
  const servers = await Promise.all(names.map(async () => {
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => { server.once('error', reject); server.listen(0, '127.0.0.1', resolve); });
    return server;
  }));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(names.map((name, i) => [name, ports[i]!]));
}

export class DemoNetwork {
  private readonly processes = new Map<string, SupervisedProcess>();

  private constructor(
    private readonly run: RunFolder,
    private readonly database: DemoDatabase,
    readonly addresses: Addresses,
    private readonly ports: Readonly<Record<string, number>>,
    private readonly failed: (error: Error) => void,
  ) {}

  static async prepare(run: RunFolder, database: DemoDatabase, failed: (error: Error) => void): Promise<DemoNetwork> {
    const names: PortName[] = ['hub', 'auth', 'worker', ...Array.from({ length: HOLDERS }, (_, i): PortName => `holder${i + 1}`)];
    const chosen = await freePorts(names);
    const ports = JSON.parse(readFileSync(run.once('ports.json', () => JSON.stringify(chosen)), 'utf8')) as Record<string, number>;
    const url = (name: string): string => `http://127.0.0.1:${ports[name]}`;
    const holders = Array.from({ length: HOLDERS }, (_, i) => ({ id: `holder-${i + 1}`, url: url(`holder${i + 1}`) }));
    const network = new DemoNetwork(run, database, { hub: url('hub'), auth: url('auth'), holders }, ports, failed);
    if (!run.kept) await deal({ out: run.file('holders'), holders: HOLDERS, threshold: THRESHOLD, federation: FEDERATION, hub: HUB, epoch: EPOCH }, PROFILE);
    network.makeKeys();
    return network;
  }

  /** Each service makes its keys in a folder of its own; only public parts are copied across. */
  private makeKeys(): void {
    const key = (name: string): PrivateJwk => JSON.parse(readFileSync(this.run.once(`secrets/${name}.jwk.json`, () => JSON.stringify(generatePrivateJwk())), 'utf8')) as PrivateJwk;
    const { signing, verifying } = authKeySets(key('auth'));
    this.run.once('secrets/auth.jwks.json', () => JSON.stringify(signing));
    this.run.once('public/auth.jwks.json', () => JSON.stringify(verifying));
    const status = key('hub-status');
    this.run.once('public/hub-status.jwk.json', () => JSON.stringify(publicJwk(status)));
    this.run.once('public/hub.json', () => JSON.stringify(hubPublicFile('Tallystick demo hub', key('hub-package'), status)));
  }

  get hubPublicFile(): string { return this.run.file('public/hub.json'); }
  get holderPinsFile(): string { return this.run.file('holders/pins.json'); }
  get holdersFolder(): string { return this.run.file('holders'); }
  get epochStopFile(): string { return this.run.file('holders/epoch-stop.json'); }
  get rosterFile(): string { return this.run.file('holders/roster.json'); }
  get logFolder(): string { return this.run.folder('logs'); }
  logFile(name: string): string { return path.join(this.logFolder, `${name}.log`); }

  /** Holders re-read the file when it changes; signed by a threshold of them, never by the hub. */
  async signRoster(members: readonly RosterEntry[]): Promise<void> {
    await signRoster({ dir: this.run.file('holders'), members, out: this.rosterFile }, PROFILE);
  }

  async startServices(): Promise<void> {
    const { appKeyFile, workerKeyFile } = await this.database.prepare();
    const federation = { TALLY_FEDERATION_ID: FEDERATION, TALLY_HUB_ID: HUB, TALLY_FEDERATION_POLICY: 'synthetic', TALLY_HUB_AUDIENCE: `urn:tallystick:hub:${HUB}` };
    const issuer = { TALLY_ISSUER: this.addresses.auth };
    await this.launch('auth', { ...this.database.access('tally_auth'), ...federation, ...issuer, TALLY_AUTH_KEYS_FILE: this.run.file('secrets/auth.jwks.json') });
    await this.launch('hub', {
      ...this.database.access('tally_app'), ...federation, ...issuer, TALLY_HUB_URL: this.addresses.hub, TALLY_CONTEXT_KEY_FILE: appKeyFile, TALLY_HOLDER_PINS_FILE: this.holderPinsFile,
      TALLY_AUTH_JWKS_FILE: this.run.file('public/auth.jwks.json'), TALLY_STATUS_KEY_FILE: this.run.file('secrets/hub-status.jwk.json'),
    });
    await this.launch('worker', {
      ...this.database.access('tally_worker'), ...federation, TALLY_CONTEXT_KEY_FILE: workerKeyFile, TALLY_PACKAGE_KEY_FILE: this.run.file('secrets/hub-package.jwk.json'),
    });
  }

  /** @param second folder of a further epoch's deal, answered beside the first */
  async startHolder(index: number, second?: string): Promise<void> {
    const dir = this.run.file('holders');
    await this.launch('keyholder', {
      ...(await this.database.prepareHolder(index)), TALLY_FEDERATION_ID: FEDERATION, TALLY_SHARE_FILE: path.join(dir, `holder-${index}/share.json`),
      TALLY_MANIFEST_FILE: path.join(dir, 'manifest.json'), TALLY_ROSTER_FILE: this.rosterFile, TALLY_HOLDER_PINS_FILE: this.holderPinsFile,
      TALLY_STATUS_URL: `${this.addresses.hub}/v1/status-list`, TALLY_STATUS_KEY_FILE: this.run.file('public/hub-status.jwk.json'), TALLY_EPOCH_STOP_FILE: this.epochStopFile,
      ...(second === undefined ? {} : {
        TALLY_SECOND_SHARE_FILE: path.join(second, `holder-${index}/share.json`), TALLY_SECOND_MANIFEST_FILE: path.join(second, 'manifest.json'), TALLY_SECOND_ROSTER_FILE: path.join(second, 'roster.json'),
      }),
    }, index);
  }

  /** An operator puts the second epoch's files in place and starts the holder again; the others answer meanwhile. */
  async addEpoch(second: string): Promise<void> {
    for (let index = 1; index <= HOLDERS; index += 1) {
      await this.processes.get(`keyholder-${index}`)?.stop();
      await this.startHolder(index, second);
    }
  }

  private async launch(app: 'hub' | 'auth' | 'worker' | 'keyholder', env: Record<string, string>, index?: number): Promise<void> {
    const name = index === undefined ? app : `keyholder-${index}`;
    const portName = index === undefined ? app : `holder${index}`;
    const supervised = new SupervisedProcess({
      name, entry: compiled('apps', app, 'main.js'), logFile: this.logFile(name),
      env: { TALLY_PROFILE: PROFILE, TALLY_HTTP_PORT: String(this.ports[portName]), ...env },
    }, this.failed);
    this.processes.set(name, supervised);
    await supervised.start();
  }

  kill(name: string): void {
    this.processes.get(name)?.kill();
  }

  restarts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.processes].map(([name, process]) => [name, process.restarts]));
  }

  pids(): Readonly<Record<string, number | null>> {
    return { ...Object.fromEntries([...this.processes].map(([name, process]) => [name, process.pid])), postgres: this.database.pid };
  }

  async stop(): Promise<void> {
    for (const process of [...this.processes.values()].reverse()) await process.stop();
  }

  /** What a harness or a curious person needs to talk to the running network. */
  writeReady(file: string, more: object): void {
    writeFileSync(file, `${JSON.stringify({ federation: FEDERATION, hubId: HUB, hub: this.addresses.hub, auth: this.addresses.auth, keyHolders: this.addresses.holders, pids: this.pids(), ...more }, null, 2)}\n`);
  }
}


/**
 * What a member's agent speaks to: a hub over its database, three key-holder processes behind proxies that lie on demand, a token server
 * that mints what the test's issuer signs. Two banks with homes of their own; a second epoch when the test wants it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { type PrivateJwk, fromBase64url, sha256, signStatement, toBase64url } from '#crypto';
import { EpochsRepository } from '#domain/epochs';
import { MatchingRepository } from '#domain/overlaps';
import { EPOCH_ANNOUNCE_TYP } from '#protocol';
import { createHome, fingerprintOf, parsePublicFile, setPatience, type PartyHome } from '#sdk';
import { COMMANDS } from '../../apps/agent/commands/index.js';
import { runTally } from '../../apps/agent/shell/run-tally.js';
import { withHub, type HubUnderTest } from '../../apps/hub/test/support/hub-under-test.js';
import { TokenServer } from '../../apps/hub/test/support/token-server.js';
import { FakeHubStatus, FEDERATION, HolderDatabase, HolderFederation, HolderProcess, until } from '../../apps/keyholder/test/holder-federation.js';
import { LyingHolder } from './lying-parties.js';

export const PROFILE = {
  role: 'SUSPECT', category: 'PHISHING', means: ['VICTIM_REPORT'], level: 'L1', purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER',
};
export const STATED = ['--purpose', 'FRAUD_PREVENTION', '--legal-basis', 'PUBLIC_INTEREST'];
const BUDGETS = { publish: 100_000, enrolment: 100_000, daily: 100_000 };
const HOLDERS = [1, 2, 3];

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

export class AgentNetwork {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tally-network-'));
  readonly epochs: readonly [HolderFederation, HolderFederation];
  readonly databases = HOLDERS.map(() => new HolderDatabase());
  readonly proxies: LyingHolder[];
  hub!: HubUnderTest;
  banks!: readonly [PartyHome, PartyHome];
  /** The hub has done what was asked; what it answers waits for this. */
  onHubAnswer: (method: string, path: string) => Promise<void> | null = () => null;
  private holders: HolderProcess[] = [];
  private readonly status = new FakeHubStatus();
  private tokens!: TokenServer;
  readonly profile = this.write('profile.json', JSON.stringify(PROFILE));

  constructor() {
    const first = new HolderFederation();
    this.epochs = [first, new HolderFederation(2, first)];
    this.proxies = HOLDERS.map((index) => new LyingHolder(index, () => this.holders[index - 1]!.url, first.evidence[index - 1]!));
  }

  async start(): Promise<void> {
    setPatience(2_000);
    this.tokens = new TokenServer(this.hub);
    await Promise.all([this.status.start(), this.tokens.start(), ...this.proxies.map((proxy) => proxy.start()), ...this.databases.map((database) => database.create())]);
    this.banks = [await this.bank('first'), await this.bank('second')];
    const members = this.banks.map((home) => ({ memberId: home.party.partyId, key: home.privateKey('evidence') as PrivateJwk, budgets: BUDGETS }));
    for (const epoch of this.epochs) epoch.writeRoster(members);
    await this.startHolders(1);
    (this.hub.app.getHttpServer() as Server).prependListener('request', (request: IncomingMessage, response: ServerResponse) => this.holdAnswers(request, response));
  }

  async stop(): Promise<void> {
    for (const holder of this.holders) await holder.stop();
    HolderProcess.killLeft();
    await Promise.all([this.status.stop(), this.tokens?.stop(), ...this.proxies.map((proxy) => proxy.stop())]);
    for (const database of this.databases) await database.drop();
    this.epochs[0].close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Holders answer the second epoch beside the first, and the coordinator announces it at the hub. */
  async rotate(): Promise<void> {
    await this.startHolders(2);
    const coordinator = await this.hub.party('coordinator');
    const manifest = readFileSync(this.epochs[1].file('manifest.json'), 'utf8');
    const digest = toBase64url(sha256(fromBase64url((JSON.parse(manifest) as { payload: string }).payload)));
    const act = { v: 1, federation: FEDERATION, epoch: 2, digest, overlapDays: 30, time: new Date().toISOString() };
    const input = { idempotencyKey: randomUUID(), document: manifest, jws: await signStatement(EPOCH_ANNOUNCE_TYP, act, coordinator.officers[0]!.key) };
    const { body } = await coordinator.graphql('mutation ($input: EpochChangeInput!) { announceEpoch(input: $input) { epoch state } }', { input });
    expect((body as { errors?: unknown }).errors).toBeUndefined();
  }

  /** What holders serve that have dropped the first epoch. */
  onlyNewestManifest(): Buffer {
    return readFileSync(this.epochs[1].file('manifest.json'));
  }

  /** One command, in this process. */
  async tally(home: PartyHome, args: readonly string[], stdin = ''): Promise<Ran> {
    const [out, err] = [new Sink(), new Sink()];
    const exit = await runTally(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout: out, stderr: err, env: this.environment(home) }, COMMANDS);
    return { exit, out: out.text, err: err.text };
  }

  /** The same in a process of its own, that can be killed. */
  spawn(home: PartyHome, args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [path.resolve('bin/tally.mjs'), ...args], { env: { ...process.env, ...this.environment(home) }, stdio: 'ignore' });
  }

  publish(home: PartyHome, file: string, more: readonly string[] = []): Promise<Ran> {
    return this.tally(home, ['publish', file, '--profile', this.profile, '--json', '--no-brand-alerts', ...more]);
  }

  /** @param rows type and value */
  csv(name: string, rows: readonly (readonly [type: string, value: string])[]): string {
    return this.write(name, `row,type,value,first_seen,channel\n${rows.map(([type, value], i) => `R${i + 1},${type},"${value.replaceAll('"', '""')}",2026-03-01,x`).join('\n')}\n`);
  }

  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** As the worker ends what is over. */
  async endFormerEpoch(): Promise<void> {
    await this.hub.db.admin("update tally.epoch set announced_at = announced_at - interval '31 days', overlap_until = now() - interval '6 minutes'");
    const { system } = await this.hub.db.worker();
    for (const { erasure_id: id } of await this.hub.db.admin<{ erasure_id: string }>('select erasure_id from tally.epoch_erasure')) {
      while (!(await system.run((tx) => new EpochsRepository().eraseSlice(tx, id, 100))).done);
    }
  }

  /** Units that each holder has counted for a bank. */
  used(home: PartyHome): Promise<number[]> {
    return Promise.all(this.databases.map((database) => database.used({ memberId: home.party.partyId } as never)));
  }

  /** What the worker does when a publication is finished. */
  async match(): Promise<void> {
    const { system } = await this.hub.db.worker();
    const open = await this.hub.db.admin<{ member_id: string; publication_id: string }>("select member_id, publication_id from tally.publication where match_state <> 'DONE'");
    for (const { member_id: member, publication_id: publication } of open) {
      await system.run((tx) => new MatchingRepository().matchTextSlice(tx, member as never, publication as never, null, 100));
      while (!(await system.run((tx) => new MatchingRepository().matchSlice(tx, member as never, publication as never, 100))).done);
    }
  }

  private async startHolders(epochs: 1 | 2): Promise<void> {
    await Promise.all(this.holders.map((holder) => holder.stop()));
    const [first, second] = this.epochs;
    this.holders = await Promise.all(this.databases.map((database, i) => new HolderProcess({
      ...HolderProcess.environment(first, i + 1, database, this.status),
      ...(epochs === 1 ? {} : {
        TALLY_SECOND_SHARE_FILE: second.file(`share-${i + 1}.json`), TALLY_SECOND_MANIFEST_FILE: second.file('manifest.json'), TALLY_SECOND_ROSTER_FILE: second.file('roster.json'),
      }),
    }).start()));
    for (const { url } of this.holders) await until(async () => (await fetch(`${url}/health/ready`)).status === 200);
  }

  private holdAnswers({ method = '', url = '' }: IncomingMessage, response: ServerResponse): void {
    const end = response.end.bind(response) as (...parts: unknown[]) => ServerResponse;
    response.end = ((...parts: unknown[]) => {
      const held = this.onHubAnswer(method, url);
      if (held === null) return end(...parts);
      void held.then(() => end(...parts));
      return response;
    }) as typeof response.end;
  }

  private async bank(name: string): Promise<PartyHome> {
    const party = await this.hub.party('member');
    this.tokens.know(party);
    const home = createHome(path.join(this.folder, name), {
      partyId: party.id, role: 'member', name, nameZh: name, hubUrl: this.hub.url, authUrl: this.tokens.url, federationId: FEDERATION, hubId: 'test-hub', officers: [],
      keyHolders: HOLDERS.map((index) => ({ id: `holder-${index}`, url: this.proxies[index - 1]!.url })),
    });
    const pins = parsePublicFile(JSON.parse(readFileSync(this.epochs[0].file('pins.json'), 'utf8')));
    home.trust.add(pins, fingerprintOf(pins), new Date());
    return home;
  }

  private environment(home: PartyHome): Record<string, string> {
    return { TALLY_HOME: home.directory, TALLY_PATIENCE_SECONDS: '2', LANG: 'en' };
  }
}

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** At the top of a spec. */
export function withAgentNetwork(): AgentNetwork {
  const network = new AgentNetwork();
  beforeAll(async () => { for (const epoch of network.epochs) await epoch.init(); }); // before the hub reads the pins
  network.hub = withHub({ env: { TALLY_HOLDER_PINS_FILE: network.epochs[0].file('pins.json') } });
  beforeAll(() => network.start());
  afterAll(() => network.stop());
  return network;
}

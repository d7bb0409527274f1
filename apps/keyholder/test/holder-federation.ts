/** Three holders' key material, a fake hub that issues status lists, and key-holder processes with databases of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BatchToPrepare, createSodiumEngine, dealShares, type DealtKey, encodeInput, type Engine, type PrivateJwk, fromBase64url, generatePrivateJwk,
  keyFileSource, manifestHash, MANIFEST_TYP, EPOCH_STOP_TYP, prepareBatch, type PreparedBatch, publicJwk, ROSTER_TYP, sealSecret, signDetached, signerOf, signGeneralJws, signStatement, toBase64url,
} from '#crypto';
import { canonicalBytes, type Json } from '#kernel';
import { createDatabase, dropDatabase, withClient, withDatabase, withRole } from '#platform/database';
import {
  BATCH_TYP, batchStatement, type Budget, encodeOprfRequest, type EpochStop, type KeyOrigin, type Manifest, OPRF_MEDIA_TYPE, OPRF_PATH, type OprfRequest, type Roster, SHARE_SEALED_AS, type StatusList, uuidToBytes,
} from '#protocol';
import { listenOnLoopback } from '#testing';

const ROOT = path.resolve(import.meta.dirname, '../../..');
export const FEDERATION = 'test-federation';
/** Opens the shares that were not dealt. */
const SHARE_KEY = randomBytes(32).toString('hex');

export interface TestMember {
  readonly memberId: string;
  readonly key: PrivateJwk;
  readonly budgets: Record<Budget, number>;
}
export const aMember = (budget = 1_000_000): TestMember =>
  ({ memberId: randomUUID(), key: generatePrivateJwk(), budgets: { publish: budget, enrolment: budget, daily: budget } });

export class HolderFederation {
  readonly dir: string;
  readonly evidence: readonly PrivateJwk[];
  engine!: Engine;
  dealt!: DealtKey;
  manifest!: Manifest;
  hash!: Uint8Array;
  private serial = 1;
  private lastInstant = 0;

  /** @param beside another epoch of the same holders: its files lie in the same folder, named after the epoch */
  constructor(readonly epoch = 1, private readonly beside?: HolderFederation) {
    this.dir = beside?.dir ?? mkdtempSync(path.join(tmpdir(), 'tally-holders-'));
    this.evidence = beside?.evidence ?? [1, 2, 3].map(() => generatePrivateJwk());
  }

  async init(origin: KeyOrigin = 'dealer'): Promise<void> {
    this.engine = await createSodiumEngine();
    this.dealt = dealShares(this.engine, [0, 1].map(() => this.engine.scalars.reduce(randomBytes(64))), 3);
    this.manifest = {
      v: 1, federation: FEDERATION, suite: 'ristretto255-SHA512', epoch: this.epoch, generation: 0, threshold: 2,
      holders: this.dealt.shares.map(({ index, publicKey }) => ({ index, id: `holder-${index}`, publicKey: toBase64url(publicKey) })),
      publicKey: toBase64url(this.dealt.publicKey), commitments: this.dealt.commitments.map(toBase64url), origin, ...this.validity(),
    };
    this.hash = manifestHash(canonicalBytes(this.manifest as unknown as Json));
    this.writeManifest(this.manifest);
    this.write('pins.json', { threshold: 2, holders: this.evidence.map((jwk, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(jwk) })) });
    for (const share of this.dealt.shares) {
      const file = { v: 1, origin, federation: FEDERATION, epoch: this.epoch, index: share.index, holderId: `holder-${share.index}`, shares: [{ generation: 0, secret: toBase64url(share.secret) }] };
      this.write(`share-${share.index}.json`, origin === 'dealer' ? file : await sealSecret(keyFileSource(SHARE_KEY), { sealed: SHARE_SEALED_AS, about: {} }, file));
    }
    writeFileSync(this.file('share.key'), SHARE_KEY, { mode: 0o600 });
  }

  validity(): { validFrom: string; validUntil: string } {
    return { validFrom: new Date(Date.now() - 60_000).toISOString(), validUntil: new Date(Date.now() + 3_600_000).toISOString() };
  }

  writeManifest(manifest: Manifest, name = 'manifest.json'): string {
    return this.write(name, signGeneralJws({ typ: MANIFEST_TYP, payload: manifest as unknown as Json, signers: this.evidence.map(signerOf) }));
  }

  writeRoster(members: readonly TestMember[], more: { signers?: number[]; serial?: number; name?: string; validFrom?: string; epoch?: number } = {}): string {
    const roster: Roster = {
      v: 1, federation: FEDERATION, epoch: more.epoch ?? this.epoch, serial: more.serial ?? this.serial++, ...this.validity(),
      members: members.map(({ memberId, key, budgets }) => ({ memberId, evidenceKeys: [publicJwk(key)], attested: 0, budgets, ...this.validity(), ...(more.validFrom === undefined ? {} : { validFrom: more.validFrom }) })),
    };
    const signers = (more.signers ?? [1, 2]).map((index) => signerOf(this.evidence[index - 1]!));
    return this.write(more.name ?? 'roster.json', signGeneralJws({ typ: ROSTER_TYP, payload: roster as unknown as Json, signers }));
  }

  writeStop(signers: readonly number[], epoch = this.epoch, federation = FEDERATION, file = this.file('stop.json')): string {
    const payload: EpochStop = { v: 1, federation, epoch, stoppedAt: new Date().toISOString() };
    const jws = signGeneralJws({ typ: EPOCH_STOP_TYP, payload: payload as unknown as Json, signers: signers.map((index) => signerOf(this.evidence[index - 1]!)) });
    writeFileSync(file, JSON.stringify(jws), { mode: 0o600 });
    return file;
  }

  write(name: string, value: object, mode = 0o600): string {
    const file = this.file(name);
    writeFileSync(file, JSON.stringify(value), { mode });
    return file;
  }

  file(name: string): string {
    return path.join(this.dir, this.beside === undefined ? name : `epoch-${this.epoch}-${name}`);
  }

  batch(values: readonly string[], more: Partial<BatchToPrepare> = {}): PreparedBatch & { batchId: Uint8Array } {
    const batchId = more.batchId ?? uuidToBytes(randomUUID());
    const inputs = values.map((value) => encodeInput({ kind: 'phone', federationId: FEDERATION, value }));
    return { ...prepareBatch(this.engine, { seed: Buffer.alloc(32, 7), manifestHash: this.hash, batchId, inputs, padTo: 8, ...more }), batchId };
  }

  /** The bytes a member sends; `signature` null stands for a relay that has none. */
  request(member: TestMember, points: Uint8Array, more: Partial<OprfRequest> & { signature?: null; signKey?: PrivateJwk } = {}): Uint8Array {
    const { signature, signKey, ...fields } = more;
    const request: OprfRequest = {
      manifestHash: this.hash, batchId: uuidToBytes(randomUUID()), quorum: [1, 2], budget: 'publish', memberId: member.memberId,
      kid: fromBase64url(signerOf(member.key).kid), signedAtMs: this.nextInstant(), points, ...fields,
    };
    const pointsHash = new Uint8Array(createHash('sha256').update(request.points).digest());
    const signed = signature === null ? new Uint8Array(64) : signDetached(BATCH_TYP, batchStatement(request, pointsHash), { ...signerOf(signKey ?? member.key), kid: signerOf(member.key).kid });
    return encodeOprfRequest({ ...request, signature: signed });
  }

  /** Rises by at least one, as the member's agent does it: one signature is answered once. */
  private nextInstant(): number {
    this.lastInstant = Math.max(this.lastInstant + 1, Date.now());
    return this.lastInstant;
  }

  close(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Issues what the test says, signed by its status key. */
export class FakeHubStatus {
  readonly key = generatePrivateJwk();
  suspended: string[] = [];
  cluster = 'another-cluster';
  livesMs = 5_000;
  signWith = this.key;
  down = false;
  url = '';
  private readonly server: Server = createServer((_request, response) => {
    if (this.down) { response.writeHead(503).end(); return; }
    void this.list().then((jws) => response.writeHead(200, { 'content-type': 'application/jose' }).end(jws));
  });

  async start(): Promise<void> {
    const origin = await listenOnLoopback(this.server);
    this.url = `${origin}/v1/status-list`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  private list(): Promise<string> {
    const now = Date.now();
    const list: StatusList = { issuedAt: new Date(now).toISOString(), expiresAt: new Date(now + this.livesMs).toISOString(), suspended: this.suspended, cluster: this.cluster };
    return signStatement('tally-status+1', list as unknown as Json, this.signWith);
  }
}

/** A database owned by a role of its own on the test server. */
export class HolderDatabase {
  readonly name: string;
  readonly adminUrl: string;
  private readonly server = JSON.parse(process.env['TALLY_TEST_DATABASE'] ?? '{}') as { adminUrl: string; prefix: string };
  private readonly password = randomBytes(12).toString('hex');

  constructor() {
    this.name = `${this.server.prefix}kh_${randomBytes(4).toString('hex')}`;
    this.adminUrl = withDatabase(this.server.adminUrl, this.name);
  }

  get url(): string {
    return withRole(this.adminUrl, this.name);
  }

  /** Secrets come as files: production refuses one inside the URL. */
  passwordFile(folder: string): string {
    const file = path.join(folder, `${this.name}.password`);
    writeFileSync(file, this.password, { mode: 0o600 });
    return file;
  }

  async create(): Promise<void> {
    await withClient(this.server.adminUrl, (client) => client.query(`create role ${this.name} login password '${this.password}'`));
    await createDatabase(this.server.adminUrl, this.name);
    await withClient(this.server.adminUrl, (client) => client.query(`alter database ${this.name} owner to ${this.name}`));
  }

  async rows<R extends object>(sql: string): Promise<R[]> {
    return withClient(this.adminUrl, async (client) => (await client.query<R>(sql)).rows);
  }

  async used(member: TestMember): Promise<number> {
    const [row] = await this.rows<{ used: string }>(`select coalesce(sum(used), 0)::text as used from keyholder.counter where member_id = '${member.memberId}'`);
    return Number(row?.used);
  }

  /** Everything a refusal must leave as it was. */
  async state(): Promise<unknown> {
    return [await this.rows('select * from keyholder.enrolment order by 1, 2'), await this.rows('select * from keyholder.batch order by 1, 2'), await this.rows('select * from keyholder.charge order by 1, 2, 3'), await this.rows('select * from keyholder.counter order by 1, 2, 3, 4')];
  }

  async drop(): Promise<void> {
    await dropDatabase(this.server.adminUrl, this.name);
    await withClient(this.server.adminUrl, (client) => client.query(`drop role ${this.name}`));
  }
}

export interface HolderAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly code: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

export class HolderProcess {
  url = '';
  output = '';
  exitCode: number | null = null;
  private static readonly living = new Set<ChildProcess>();
  private child: ChildProcess | null = null;

  constructor(private readonly environment: Record<string, string>) {}

  static environment(federation: HolderFederation, index: number, database: HolderDatabase, hub: FakeHubStatus): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '', TALLY_PROFILE: 'test', TALLY_FEDERATION_ID: FEDERATION, DATABASE_URL: database.url,
      DATABASE_PASSWORD_FILE: database.passwordFile(path.dirname(federation.file('manifest.json'))), TALLY_STATUS_URL: hub.url, TALLY_STATUS_INTERVAL_MS: '100',
      TALLY_SHARE_KEY_FILE: federation.file('share.key'), TALLY_SHARE_FILE: federation.file(`share-${index}.json`), TALLY_MANIFEST_FILE: federation.file('manifest.json'), TALLY_ROSTER_FILE: federation.file('roster.json'),
      TALLY_HOLDER_PINS_FILE: federation.file('pins.json'), TALLY_STATUS_KEY_FILE: federation.write(`status-key-${index}.json`, publicJwk(hub.key)),
    };
  }

  /** Resolves when it listens or has ended. */
  async start(): Promise<this> {
    const child = spawn(process.execPath, [path.join(ROOT, 'dist/apps/keyholder/main.js')], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    HolderProcess.living.add(child);
    await new Promise<void>((resolve) => {
      const read = (chunk: Buffer): void => {
        this.output += chunk.toString();
        const ready = /\{"event":"app\.ready".*\}/.exec(this.output);
        if (ready === null) return;
        this.url = (JSON.parse(ready[0]) as { url: string }).url;
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => { this.exitCode = code; HolderProcess.living.delete(child); resolve(); });
    });
    return this;
  }

  async stop(): Promise<number | null> {
    if (this.child === null || !HolderProcess.living.has(this.child)) return this.exitCode;
    const ended = new Promise((resolve) => { this.child?.once('exit', resolve); });
    this.child.kill('SIGTERM');
    await ended;
    return this.exitCode;
  }

  /** What a failed test left running. */
  static killLeft(): void {
    for (const child of HolderProcess.living) child.kill('SIGKILL');
  }

  async post(body: Uint8Array, contentType = OPRF_MEDIA_TYPE): Promise<HolderAnswer> {
    const answer = await fetch(`${this.url}${OPRF_PATH}`, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': contentType } });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const json = answer.status === 200 ? null : JSON.parse(Buffer.from(bytes).toString()) as { code: string; correlationId: string; fields: HolderAnswer['fields'] };
    if (json !== null) expect(json.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    return { status: answer.status, body: bytes, code: json?.code ?? null, fields: json?.fields ?? {} };
  }
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (await condition()) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error('condition did not come true within 10 s');
}

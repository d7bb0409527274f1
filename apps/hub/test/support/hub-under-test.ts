/**
 * The hub over HTTP on a database of its own, with parties made by the test. At the top of an e2e file:
 *
 *   const hub = withHub();
 *   const bank = await hub.party('member');
 *   const { body } = await bank.graphql('{ me { partyId } }');
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { PrivateJwk } from '#crypto';
import type { PartyId } from '#kernel';
import type { Actor } from '#platform/database';
import { loadConfig } from '#platform/config';
import type { PartyRole } from '#protocol';
import { aRegisteredParty, aKey, someHolders, withTestDatabase, type TestDatabase, type TestHolders, type TestOfficer, type TestPartyRecord } from '#testing';
import { AppModule } from '../../app.module.js';
import { createHub, listen } from '../../http-adapter.js';
import { HubConfig } from '../../hub.config.js';
import { hubParts, type HubParts } from '../../platform.module.js';
import { Issuer, proof, type Bent } from './credentials.js';

export interface HubOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of all rooms, e.g. with a planted operation. */
  readonly rooms?: readonly Type[];
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is what tests assert
  readonly body: any;
}

export class HubUnderTest {
  url = '';
  parts!: HubParts;
  issuer!: Issuer;
  app!: NestExpressApplication;
  statusKey!: PrivateJwk;
  /** Whose signatures the hub goes by when an epoch changes. */
  holders!: TestHolders;
  /** Where this hub looks for key-holders at each batch; empty at the start. */
  keyHoldersFile!: string;

  constructor(readonly db: TestDatabase) {}

  /** A party in the directory (ACTIVE, two officers), with a client of its own. */
  async party(role: PartyRole, name?: string): Promise<TestParty> {
    const builder = aRegisteredParty(role);
    return this.as(await (name === undefined ? builder : builder.named(name)).in((sql, params) => this.db.admin(sql, params)));
  }

  /** A client for a party made with `aRegisteredParty(...)`. */
  async as(record: TestPartyRecord): Promise<TestParty> {
    return new TestParty(this, record, aKey());
  }

  /** A request without any credential. */
  async anonymous(method: string, route: string, init: { headers?: Record<string, string>; body?: string | Uint8Array } = {}): Promise<Answer> {
    return answerOf(await fetch(`${this.url}${route}`, { method, ...(init as RequestInit) }));
  }
}

export class TestParty {
  readonly id: PartyId;
  readonly role: PartyRole;
  readonly keys: TestPartyRecord['keys'];
  readonly officers: readonly TestOfficer[];

  constructor(readonly hub: HubUnderTest, record: TestPartyRecord, readonly dpop: PrivateJwk) {
    ({ id: this.id, role: this.role, keys: this.keys, officers: this.officers } = record);
  }

  get actor(): Actor {
    return { partyId: this.id, role: this.role, clientId: this.id, purpose: null };
  }

  token(bent: Bent = {}): Promise<string> {
    return this.hub.issuer.token({ partyId: this.id, role: this.role, clientId: this.id }, this.dpop, bent);
  }

  async headers(method: string, route: string, bent: Bent = {}): Promise<Record<string, string>> {
    const token = await this.token(bent);
    return { authorization: `DPoP ${token}`, dpop: await proof(this.dpop, method, `${this.hub.url}${route}`, token, bent) };
  }

  async request(method: string, route: string, init: { headers?: Record<string, string>; body?: string | Uint8Array; bent?: Bent } = {}): Promise<Answer> {
    const headers = { ...(await this.headers(method, route, init.bent)), ...init.headers };
    return answerOf(await fetch(`${this.hub.url}${route}`, { method, headers, ...(init.body === undefined ? {} : { body: init.body as string }) }));
  }

  /** POST of JSON. */
  json(method: string, route: string, body?: unknown, bent: Bent = {}): Promise<Answer> {
    return this.request(method, route, { headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), bent });
  }

  graphql(query: string, variables: Record<string, unknown> = {}, bent: Bent = {}): Promise<Answer> {
    return this.json('POST', '/graphql', { query, variables }, bent);
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown = null;
  try { body = JSON.parse(text); } catch { /* not JSON: tests look at text */ }
  return { status: response.status, headers: response.headers, text, body };
}

/** Starts a hub before the tests of the file and stops it after them. */
export function withHub(options: HubOptions = {}): HubUnderTest {
  const db = withTestDatabase();
  const hub = new HubUnderTest(db);
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-hub-'));
  beforeAll(async () => {
    hub.issuer = await Issuer.create('http://auth.test', 'urn:tallystick:hub:test');
    hub.statusKey = aKey();
    hub.holders = await someHolders();
    const file = (name: string, content: string): string => {
      writeFileSync(path.join(folder, name), content, { mode: 0o600 });
      return path.join(folder, name);
    };
    hub.keyHoldersFile = file('key-holders.json', '{"holders":[]}');
    const config = loadConfig(HubConfig, {
      TALLY_PROFILE: 'test', TALLY_FEDERATION_ID: 'test-federation', TALLY_HUB_ID: 'test-hub', TALLY_FEDERATION_POLICY: 'synthetic',
      TALLY_ISSUER: hub.issuer.url, TALLY_HUB_AUDIENCE: hub.issuer.audience, TALLY_AUTH_JWKS_FILE: file('jwks.json', JSON.stringify(hub.issuer.jwks)),
      TALLY_STATUS_KEY_FILE: file('status.jwk', JSON.stringify(hub.statusKey)), TALLY_HOLDER_PINS_FILE: file('holders.json', JSON.stringify(hub.holders.pins)), TALLY_CONTEXT_KEY_FILE: file('context.key', db.contextKeys.app),
      DATABASE_URL: db.url('tally_app'), TALLY_LOG_FILE: path.join(folder, 'hub.log'), TALLY_KEY_HOLDERS_FILE: hub.keyHoldersFile, ...options.env,
    });
    hub.parts = await hubParts(config);
    const module: DynamicModule = AppModule.with(hub.parts, options.rooms);
    hub.app = await createHub(module, hub.parts);
    hub.url = await listen(hub.app, hub.parts);
  });
  afterAll(async () => {
    await hub.app?.close();
    await hub.parts?.source.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  return hub;
}

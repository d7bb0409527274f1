import { get, type Server } from 'node:http';
import { randomUUID, type webcrypto } from 'node:crypto';
import { calculateJwkThumbprint, createRemoteJWKSet, exportJWK, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as oauth from 'oauth4webapi';
import { importFor, keyIdOf, type PrivateJwk } from '#crypto';
import { createEventLog } from '#platform/logging';
import { aRegisteredParty, aKey, freePort, withTestDatabase, type TestPartyRecord } from '#testing';
import { createProvider } from '../provider.js';
import { createAuthServer } from '../server.js';

const AUDIENCE = 'urn:tallystick:hub:test';
const insecure = { [oauth.allowInsecureRequests]: true };

describe('token endpoint', () => {
  const db = withTestDatabase();
  let server: Server;
  let issuer = '';
  let as: oauth.AuthorizationServer;
  let member: TestPartyRecord;
  const log: string[] = [];

  beforeAll(async () => {
    issuer = `http://127.0.0.1:${await freePort()}`;
    const key = aKey();
    const { system } = await accessAsAuth();
    const signingKeys = { keys: [{ ...key, kid: keyIdOf(key), alg: 'ES256', use: 'sig' }] };
    const provider = createProvider({ issuer, audience: AUDIENCE, signingKeys }, system);
    server = createAuthServer(provider, createEventLog({ app: 'auth', destination: { write: (line) => { log.push(line); } } }), async () => true);
    await new Promise<void>((done) => { server.listen(Number(new URL(issuer).port), '127.0.0.1', done); });
    as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...insecure }));
    member = await aRegisteredParty('member').in(db.admin);
  });
  afterAll(async () => {
    server?.closeAllConnections();
    await new Promise((done) => { server.close(done); });
    await close?.();
  });

  let close: (() => Promise<void>) | undefined;
  async function accessAsAuth() {
    const { createDataSource, SystemTx } = await import('#platform/database');
    const source = await createDataSource({ url: db.url('tally_auth'), applicationName: 'auth-test' });
    close = () => source.destroy();
    return { system: new SystemTx(source) };
  }

  /** What an agent does, by an independent client library. */
  async function standardRequest(party: TestPartyRecord, parameters: Record<string, string> = {}) {
    const client: oauth.Client = { client_id: party.id };
    const dpopKeys = await oauth.generateKeyPair('ES256');
    const kid = keyIdOf(party.keys.auth);
    const signing = await importFor(party.keys.auth, 'ES256') as Parameters<typeof oauth.PrivateKeyJwt>[0] & webcrypto.CryptoKey;
    const response = await oauth.clientCredentialsGrantRequest(as, client, oauth.PrivateKeyJwt({ key: signing, kid }),
      new URLSearchParams({ resource: AUDIENCE, scope: 'self:read clues:publish members:admin', ...parameters }), { DPoP: oauth.DPoP(client, dpopKeys), ...insecure });
    return { response, client, dpopKeys };
  }

  async function assertionOf(party: TestPartyRecord, claims: JWTPayload = {}, key?: PrivateJwk): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: party.id, sub: party.id, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: keyIdOf(party.keys.auth) }).sign(await importFor(key ?? party.keys.auth, 'ES256'));
  }

  /** A hand-made request, to bend. */
  async function request(assertion: string, more: { dpop?: boolean; form?: Record<string, string> } = {}) {
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    if (more.dpop !== false) headers['dpop'] = await dpopProof();
    const body = new URLSearchParams({
      grant_type: 'client_credentials', resource: AUDIENCE, scope: 'self:read', client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', ...more.form,
    });
    const response = await fetch(`${issuer}/token`, { method: 'POST', headers, body });
    return { status: response.status, body: await response.json() as Record<string, unknown> };
  }

  async function dpopProof(): Promise<string> {
    const key = aKey();
    const { d: _d, ...jwk } = key;
    return new SignJWT({ jti: randomUUID(), htm: 'POST', htu: `${issuer}/token`, iat: Math.floor(Date.now() / 1000) })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(await importFor(key, 'ES256'));
  }

  it('issues an RFC 9068 token bound to the DPoP key, with the scopes of the role only', async () => {
    const { response, client, dpopKeys } = await standardRequest(member);
    const result = await oauth.processClientCredentialsResponse(as, client, response);
    expect(result.token_type).toBe('dpop');
    expect(result.expires_in).toBe(300);
    const { payload, protectedHeader } = await jwtVerify(result.access_token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { typ: 'at+jwt', issuer, audience: AUDIENCE, algorithms: ['ES256'] });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) as unknown });
    expect(payload).toEqual({
      iss: issuer, aud: AUDIENCE, sub: member.id, client_id: member.id, scope: 'self:read clues:publish', jti: expect.any(String) as unknown,
      iat: expect.any(Number) as unknown, exp: (payload.iat ?? 0) + 300, cnf: { jkt: await calculateJwkThumbprint(await exportJWK(dpopKeys.publicKey)) },
      tally_party: member.id, tally_role: 'member', tally_policy: 1,
    });
  });

  it('accepts its own well-formed request, so that the refusals below mean something', async () => {
    expect(await request(await assertionOf(member))).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
  });

  it('refuses a request without a DPoP proof', async () => {
    expect(await request(await assertionOf(member), { dpop: false })).toMatchObject({ status: 400, body: { error: expect.stringMatching(/invalid/) as unknown } });
  });
  it('refuses an assertion by another key', async () => {
    expect(await request(await assertionOf(member, {}, aKey()))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
  it('refuses the evidence key in place of the authentication key', async () => {
    expect(await request(await assertionOf(member, {}, member.keys.evidence))).toMatchObject({ status: 401 });
  });
  it('refuses a replayed assertion, also when both arrive at once', async () => {
    const assertion = await assertionOf(member);
    const answers = await Promise.all([request(assertion), request(assertion), request(assertion)]);
    expect(answers.map(({ status }) => status === 200).filter(Boolean)).toHaveLength(1);
    expect((await request(assertion)).status).not.toBe(200);
  });
  it.each([
    ['the token endpoint', (url: string) => `${url}/token`], ['an array', (url: string) => [url]], ['another server', () => 'http://elsewhere.example'],
  ] as const)('refuses an assertion whose audience is %s', async (_name, aud) => {
    expect(await request(await assertionOf(member, { aud: aud(issuer) as string }))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });
  it('refuses another resource', async () => {
    expect(await request(await assertionOf(member), { form: { resource: 'urn:tallystick:hub:other' } })).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });
  it('accepts a clock 8 s ahead and refuses one 70 s ahead', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect((await request(await assertionOf(member, { iat: now + 8, exp: now + 68 }))).status).toBe(200);
    expect((await request(await assertionOf(member, { iat: now + 70, exp: now + 130 }))).status).toBe(401);
    expect((await request(await assertionOf(member, { iat: now - 130, exp: now - 70 }))).status).toBe(401);
  });
  it('does not know the client of a suspended or pending party', async () => {
    for (const party of [await aRegisteredParty('member').suspended().in(db.admin), await aRegisteredParty('member').pending().in(db.admin)]) {
      expect(await request(await assertionOf(party))).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    }
  });
  it('gives a liaison no scope of a member', async () => {
    const liaison = await aRegisteredParty('liaison').in(db.admin);
    const { body } = await request(await assertionOf(liaison), { form: { scope: 'packages:read clues:publish' } });
    expect(body['scope']).toBe('packages:read');
  });
  it('serves nothing but token, keys, metadata and health', async () => {
    for (const [method, route] of [['GET', '/auth'], ['POST', '/reg'], ['GET', '/token'], ['GET', '/session/end'], ['POST', '/device/auth']] as const) {
      expect((await fetch(`${issuer}${route}`, { method })).status).toBe(404);
    }
    expect((await fetch(`${issuer}/health/ready`)).status).toBe(200);
  });
  it('names its own endpoints, whatever host a client claims', async () => {
    const metadata = await new Promise<string>((done, failed) => {
      const headers = { host: 'elsewhere.example', 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https' };
      get(`${issuer}/.well-known/openid-configuration`, { headers }, (response) => {
        let body = '';
        response.on('data', (part: Buffer) => { body += part.toString(); }).on('end', () => { done(body); });
      }).on('error', failed);
    });
    expect(JSON.parse(metadata)).toMatchObject({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` });
    expect(metadata).not.toContain('elsewhere');
  });
  it('logs no credential', () => {
    expect(log.join('\n')).toContain('token.issued');
    expect(log.join('\n')).not.toMatch(/eyJ/);
  });
});

import { randomUUID } from 'node:crypto';
import { Controller, Get, Module } from '@nestjs/common';
import { Query, Resolver } from '@nestjs/graphql';
import { aKey } from '#testing';
import { Allow, Public } from '#platform/auth';
import { AppModule } from '../app.module.js';
import { createHub } from '../http-adapter.js';
import { proof, type Bent } from './support/credentials.js';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';

const ME = '{ me { partyId } }';
const now = (): number => Math.floor(Date.now() / 1000);

describe('who is calling', () => {
  const hub = withHub();
  let bank: TestParty;
  beforeAll(async () => { bank = await hub.party('member'); });
  const codeOf = (answer: Answer): string => (answer.body as { errors?: { extensions: { code: string } }[] } | null)?.errors?.[0]?.extensions.code ?? answer.text;
  const ask = (bent: Bent): Promise<Answer> => bank.graphql(ME, {}, bent);

  it('answers a well-formed call, so that the refusals below mean something', async () => {
    expect((await ask({})).status).toBe(200);
  });

  it.each<[string, () => Bent | Promise<Bent>]>([
    ['another issuer', () => ({ claims: { iss: 'http://elsewhere.example' } })],
    ['another audience', () => ({ claims: { aud: 'urn:tallystick:hub:other' } })],
    ['two audiences', () => ({ claims: { aud: [hub.issuer.audience, 'urn:other'] } })],
    ['an audience in a list', () => ({ claims: { aud: [hub.issuer.audience] } })],
    ['typ JWT', () => ({ header: { typ: 'JWT' } })],
    ['an unknown key id', () => ({ header: { kid: 'A'.repeat(43) } })],
    ['a signature by another key', async () => ({ signer: aKey() })],
    ['no confirmation', () => ({ claims: { cnf: undefined } })],
    ['a lifetime over 300 s', () => ({ claims: { exp: now() + 900 } })],
    ['a time of issue in the future', () => ({ claims: { iat: now() + 120, exp: now() + 240 } })],
    ['another subject', () => ({ claims: { sub: randomUUID() } })],
    ['another party', async () => ({ claims: { tally_party: (await hub.party('member')).id } })],
    ['a role that the party does not have', () => ({ claims: { tally_role: 'coordinator' } })],
    ['an older policy version', () => ({ claims: { tally_policy: 0 } })],
    ['a proof by another key', async () => ({ proofKey: aKey() })],
    ['a proof for another method', () => ({ proof: { htm: 'GET' } })],
    ['a proof for another path', () => ({ proof: { htu: `${hub.url}/v1/liaison/inbox` } })],
    ['a proof for another host', () => ({ proof: { htu: 'http://elsewhere.example/graphql' } })],
    ['a proof for another token', () => ({ proof: { ath: 'A'.repeat(43) } })],
    ['a proof without token hash', () => ({ proof: { ath: undefined } })],
    ['a proof that is 61 s old', () => ({ proof: { iat: now() - 62 } })],
    ['a proof from the future', () => ({ proof: { iat: now() + 65 } })],
    ['a proof of another type', () => ({ proofHeader: { typ: 'JWT' } })],
    ['a proof with a short identifier', () => ({ proof: { jti: 'short' } })],
  ])('refuses a credential with %s', async (_name, bend) => {
    const answer = await ask(await bend());
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers.get('www-authenticate')).toBe('DPoP error="invalid_token", algs="ES256"');
  });

  it('says that an expired token has expired, but not to one who forged it', async () => {
    const claims = { iat: now() - 400, exp: now() - 100 };
    expect(codeOf(await ask({ claims }))).toBe('CREDENTIAL_EXPIRED');
    expect(codeOf(await ask({ claims, signer: aKey() }))).toBe('UNAUTHENTICATED');
  });

  it('refuses missing, doubled and malformed credentials', async () => {
    const headers = await bank.headers('POST', '/graphql');
    const body = JSON.stringify({ query: ME });
    const json = { 'content-type': 'application/json' };
    for (const wrong of [
      {}, { authorization: headers['authorization'] }, { dpop: headers['dpop'] }, { ...headers, authorization: `Bearer ${headers['authorization']?.slice(5)}` },
      { ...headers, dpop: `${headers['dpop']},${headers['dpop']}` }, { ...headers, authorization: `${headers['authorization']}=` },
      { ...headers, dpop: `${headers['dpop']?.slice(0, -1)}` },
    ]) {
      const answer = await hub.anonymous('POST', '/graphql', { headers: { ...json, ...(wrong as Record<string, string>) }, body });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  it('spends a proof once, also when the same request arrives many times at once', async () => {
    const token = await bank.token();
    const dpop = await proof(bank.dpop, 'POST', `${hub.url}/graphql`, token);
    const send = () => hub.anonymous('POST', '/graphql', { headers: { authorization: `DPoP ${token}`, dpop, 'content-type': 'application/json' }, body: JSON.stringify({ query: ME }) });
    const answers = await Promise.all([send(), send(), send(), send()]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(codeOf(await send())).toBe('UNAUTHENTICATED');
  });

  it('refuses when the replay store does not answer', async () => {
    await hub.db.admin('revoke insert on sec.replay from tally_app');
    try {
      const answer = await ask({});
      expect([answer.status, codeOf(answer)]).toEqual([503, 'UNREACHABLE']);
    } finally {
      await hub.db.admin('grant insert on sec.replay to tally_app');
    }
  });

  it('gives a role no scope that its token does not hold', async () => {
    expect(codeOf(await bank.graphql('{ parties { edges { node { id } } } }'))).toBe('FORBIDDEN');
    expect(codeOf(await ask({ scopes: ['clues:publish'] }))).toBe('FORBIDDEN');
  });

  it('writes no credential and no party name to the log', async () => {
    const { readFileSync } = await import('node:fs');
    const log = readFileSync(hub.parts.config.logFile ?? '', 'utf8');
    expect(log).not.toMatch(/eyJ|DPoP /);
  });
});

describe('boot', () => {
  const hub = withHub();

  @Resolver()
  class ForgottenResolver {
    @Query(() => String, { description: 'x' })
    forgotten(): string { return 'open'; }
  }
  @Resolver()
  class PublicResolver {
    @Public('none')
    @Query(() => String, { description: 'x' })
    tooOpen(): string { return 'open'; }
  }
  @Controller('forgotten')
  class ForgottenController {
    @Get('route')
    get(): string { return 'open'; }
  }
  @Resolver()
  class DeclaredResolver {
    @Allow('self:read')
    @Query(() => String, { description: 'x' })
    declared(): string { return 'fine'; }
  }
  @Module({ providers: [ForgottenResolver, DeclaredResolver] }) class ForgottenModule {}
  @Module({ providers: [PublicResolver, DeclaredResolver] }) class PublicModule {}
  @Module({ controllers: [ForgottenController], providers: [DeclaredResolver] }) class RouteModule {}
  @Module({ providers: [DeclaredResolver] }) class DeclaredModule {}

  const boot = async (room: typeof ForgottenModule): Promise<string> => {
    const app = await createHub(AppModule.with(hub.parts, [room]), hub.parts);
    try {
      await app.init();
      return 'booted';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await app.close().catch(() => undefined);
    }
  };

  it('stops at a root field or route that declares no access, and names it', async () => {
    expect(await boot(ForgottenModule)).toMatch(/refusing to boot: query forgotten \(ForgottenResolver\.forgotten\)/);
    expect(await boot(RouteModule)).toMatch(/refusing to boot: GET \/forgotten\/route/);
    expect(await boot(PublicModule)).toMatch(/query tooOpen .*never public/);
  });
  it('boots when everything is declared', async () => {
    expect(await boot(DeclaredModule)).toBe('booted');
  });
});

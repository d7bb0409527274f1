import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { Args, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsArray, IsString } from 'class-validator';
import { Allow } from '#platform/auth';
import { HubMembersModule } from '../members/hub-members.module.js';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';

@ObjectType({ description: 'x' })
class Nest {
  @Field(() => Nest, { description: 'x' })
  deeper!: Nest;
  @Field(() => Int, { description: 'x' })
  value!: number;
}
@InputType({ description: 'x' })
class ListInput {
  @Field(() => [String], { description: 'x' })
  @IsArray()
  items!: string[];
}
const nest = (level: number): Nest => ({ value: level, get deeper() { return nest(level + 1); } });

/** Operations to exceed limits on; one of them fails with a value in its message. */
@Resolver()
class ProbeResolver {
  @Allow('self:read')
  @Query(() => Nest, { description: 'x' })
  nest(): Nest { return nest(0); }

  @Allow('self:read')
  @Query(() => Int, { description: 'x' })
  overlaps(@Args('first', { type: () => Int, defaultValue: 10, description: 'x' }) first: number): number { return first; }

  @Allow('self:read')
  @Mutation(() => Int, { description: 'x' })
  count(@Args('input', { description: 'x' }) input: ListInput): number { return input.items.length; }

  @Allow('self:read')
  @Query(() => Int, { description: 'x' })
  fail(@Args('value', { type: () => String, description: 'x' }) value: string): number { throw new Error(`duplicate key (phone)=(${value})`); }
}
class ProbeBody {
  @IsString()
  known!: string;
}
@Controller('probe')
class ProbeController {
  @Allow('self:read')
  @Post()
  take(@Body() body: ProbeBody): string { return body.known; }
}
@Module({ imports: [HubMembersModule], controllers: [ProbeController], providers: [ProbeResolver] }) class ProbeModule {}

const codes = (answer: Answer): unknown => {
  const error = (answer.body as { errors?: { extensions: { code: string; fields?: { limit?: string } } }[] } | null)?.errors?.[0]?.extensions;
  return error === undefined ? answer.text : error.fields?.limit === undefined ? error.code : [error.code, error.fields.limit];
};

describe('limits', () => {
  const hub = withHub({ rooms: [ProbeModule] });
  let bank: TestParty;
  beforeAll(async () => { bank = await hub.party('member'); });
  const over = async (query: string, variables = {}): Promise<unknown> => codes(await bank.graphql(query, variables));
  const nested = (depth: number): string => `{ nest { ${'deeper { '.repeat(depth - 2)}value ${'} '.repeat(depth - 2)}} }`;

  it('document: 1,000 tokens', async () => {
    const listing = (count: number): string => `mutation { count(input: {items: [${'"x" '.repeat(count)}]}) }`;
    expect(await over(listing(500))).toMatch(/"data"/);
    expect(await over(listing(1000))).toEqual(['LIMIT_EXCEEDED', 'documentTokens']);
  });
  it('depth: 8, also through fragments', async () => {
    expect(await over(nested(8))).toMatch(/"data"/);
    expect(await over(nested(9))).toEqual(['LIMIT_EXCEEDED', 'depth']);
    const chain = Array.from({ length: 8 }, (_, i) => `fragment f${i} on Nest { deeper { ${i === 7 ? 'value' : `...f${i + 1}`} } }`).join(' ');
    expect(await over(`{ nest { ...f0 } } ${chain}`)).toEqual(['LIMIT_EXCEEDED', 'depth']);
  });
  it('aliases: 10, __typename included, also through fragments', async () => {
    const aliased = (count: number): string => `{ ${Array.from({ length: count }, (_, i) => `a${i}: nest { value }`).join(' ')} }`;
    expect(await over(aliased(10))).toMatch(/"data"/);
    expect(await over(aliased(11))).toEqual(['LIMIT_EXCEEDED', 'aliases']);
    expect(await over(`{ nest { ${'__typename '.repeat(11)}} }`)).toEqual(['LIMIT_EXCEEDED', 'aliases']);
    expect(await over('{ a: nest { ...f } b: nest { ...f } c: nest { ...f } } fragment f on Nest { x: value y: value z: value }')).toEqual(['LIMIT_EXCEEDED', 'aliases']);
  });
  it('fragments that double at each level end early', async () => {
    const bomb = Array.from({ length: 40 }, (_, i) => `fragment b${i} on Nest { ${i === 39 ? 'value' : `...b${i + 1} ...b${i + 1}`} }`).join(' ');
    const started = Date.now();
    expect(await over(`{ nest { ...b0 } } ${bomb}`)).toEqual(['LIMIT_EXCEEDED', 'selections']);
    expect(Date.now() - started).toBeLessThan(3000);
  });
  it('one root field for mutations and counted queries', async () => {
    const twice = 'mutation { a: count(input: {items: []}) b: count(input: {items: []}) }';
    expect(await over(twice)).toEqual(['LIMIT_EXCEEDED', 'rootFields']);
    expect(await over('{ overlaps nest { value } }')).toEqual(['LIMIT_EXCEEDED', 'rootFields']);
    expect(await over('{ ...r } fragment r on Query { a: overlaps b: overlaps }')).toEqual(['LIMIT_EXCEEDED', 'rootFields']);
    expect(await over('{ overlaps }')).toMatch(/"data"/);
  });
  it('one operation a document', async () => {
    expect(await over('query a { nest { value } } query b { nest { value } }')).toEqual(['LIMIT_EXCEEDED', 'operations']);
  });
  it('page: 1 to 100, as literal, variable and default', async () => {
    expect(await over('{ overlaps(first: 100) }')).toMatch(/100/);
    expect(await over('{ overlaps(first: 101) }')).toEqual(['LIMIT_EXCEEDED', 'page']);
    expect(await over('{ overlaps(first: 0) }')).toEqual(['LIMIT_EXCEEDED', 'page']);
    expect(await over('query ($n: Int!) { overlaps(first: $n) }', { n: 1000 })).toEqual(['LIMIT_EXCEEDED', 'page']);
    expect(await over('query ($n: Int! = 1000) { overlaps(first: $n) }')).toEqual(['LIMIT_EXCEEDED', 'page']);
  });
  it('lists: 500', async () => {
    const count = 'mutation ($input: ListInput!) { count(input: $input) }';
    const items = (n: number): string[] => Array.from({ length: n }, () => 'x');
    expect(await over(count, { input: { items: items(500) } })).toMatch(/500/);
    expect(await over(count, { input: { items: items(501) } })).toEqual(['LIMIT_EXCEEDED', 'list']);
    expect(await over(`mutation { count(input: {items: [${'"x" '.repeat(501)}]}) }`)).toEqual(['LIMIT_EXCEEDED', 'list']);
  });
  it('body: 256 KiB, declared or not, before and without parsing', async () => {
    const body = JSON.stringify({ query: '{ nest { value } }', padding: 'x'.repeat(256 * 1024) });
    const declared = await bank.request('POST', '/graphql', { headers: { 'content-type': 'application/json' }, body });
    expect([declared.status, codes(declared)]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const headers = { ...(await bank.headers('POST', '/graphql')), 'content-type': 'application/json' };
    const stream = new Blob([body]).stream();
    const chunked = await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body: stream, duplex: 'half' } as RequestInit & { duplex: 'half' });
    expect(chunked.status).toBe(413);
  });

  it.each([
    ['GET', '/graphql?query=%7Bme%7BpartyId%7D%7D', undefined, undefined],
    ['PUT', '/graphql', 'application/json', '{"query":"{ nest { value } }"}'],
    ['POST', '/graphql', 'application/x-www-form-urlencoded', 'query=%7Bnest%7Bvalue%7D%7D'],
    ['POST', '/graphql', 'multipart/form-data; boundary=x', '--x--'],
    ['POST', '/graphql', 'text/plain', '{"query":"{ nest { value } }"}'],
    ['POST', '/graphql', 'application/graphql', '{ nest { value } }'],
    ['POST', '/graphql', 'application/json', '[{"query":"{ nest { value } }"},{"query":"{ nest { value } }"}]'],
    ['POST', '/graphql', 'application/json', '{"query":'],
    ['POST', '/graphql', 'application/json; charset=utf-16', '{"query":"{ nest { value } }"}'],
  ] as const)('refuses %s %s as %s', async (method, route, type, body) => {
    const answer = await bank.request(method, route, { ...(type === undefined ? {} : { headers: { 'content-type': type } }), ...(body === undefined ? {} : { body }) });
    expect([answer.status, codes(answer)]).toEqual([400, 'BAD_INPUT']);
  });

  it('masks what it does not know and repeats no value', async () => {
    const answer = await bank.graphql('query ($v: String!) { fail(value: $v) }', { v: '13812345678' });
    expect(answer.body).toEqual({ data: null, errors: [{ message: 'an internal error; quote the correlation id', path: ['fail'],
      extensions: { code: 'INTERNAL', correlationId: answer.headers.get('x-correlation-id'), fields: {} } }] });
    expect(answer.text).not.toContain('13812345678');
    const coerced = await bank.graphql('query ($n: Int!) { overlaps(first: $n) }', { n: '13812345678' });
    expect([coerced.status, codes(coerced)]).toEqual([400, 'BAD_INPUT']);
    expect(coerced.text).not.toContain('13812345678');
    expect(coerced.text).not.toMatch(/stack|at .*\.js/);
  });
  it('repeats no name of a field that it does not know', async () => {
    const answer = await bank.json('POST', '/probe', { '13812345678': 1, known: 1 });
    expect([answer.status, (answer.body as { fields: unknown }).fields]).toEqual([400, { invalid: ['unknown', 'known'] }]);
  });
  it('makes no suggestions', async () => {
    const { text } = await bank.graphql('{ overlap }');
    expect(text).toContain('BAD_INPUT');
    expect(text).not.toMatch(/Did you mean/);
  });
  it('takes no correlation id from the client', async () => {
    const answer = await hub.anonymous('GET', '/health/live', { headers: { 'x-correlation-id': 'mine' } });
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
  it('answers an unknown route in the published shape', async () => {
    const answer = await hub.anonymous('GET', '/v2/nothing');
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, 'NOT_FOUND']);
    expect(answer.text).not.toContain('nothing');
  });

  it('survives unauthenticated upgrades to any path that are reset', async () => {
    const { hostname, port } = new URL(hub.url);
    for (const target of ['/graphql', '/', '/subscriptions', '/v1/status-list', '//', '/%2e%2e/graphql']) {
      const answered = await upgradeAndReset(hostname, Number(port), target);
      expect(answered).toMatch(/^HTTP\/1\.1 404/);
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect((await hub.anonymous('GET', '/health/live')).status).toBe(200);
    expect((await bank.graphql('{ nest { value } }')).status).toBe(200);
  });
});

describe('production profile', () => {
  const ALLOWED = 'query Me { me { partyId } }';
  const INTROSPECTION = '{ __schema { types { name } } }';
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-documents-'));
  const file = path.join(folder, 'documents.json');
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  writeFileSync(file, JSON.stringify({ documents: { [digest(ALLOWED)]: 'Me', [digest(INTROSPECTION)]: 'Introspection' } }));
  afterAll(() => { rmSync(folder, { recursive: true }); });
  const hub = withHub({ env: { TALLY_PROFILE: 'production', TALLY_FEDERATION_POLICY: 'standard', TALLY_DOCUMENTS_FILE: file } });

  it('runs registered documents only, byte for byte', async () => {
    const bank = await hub.party('member');
    expect((await bank.graphql(ALLOWED)).status).toBe(200);
    for (const other of [`${ALLOWED} `, '{ me { partyId } }', '{ __typename }']) expect(codes(await bank.graphql(other))).toBe('FORBIDDEN');
  });
  it('has no introspection, even by a registered document', async () => {
    const bank = await hub.party('member');
    expect(codes(await bank.graphql(INTROSPECTION))).toBe('BAD_INPUT');
  });
});

function upgradeAndReset(host: string, port: number, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, host, () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`);
    });
    socket.once('data', (data) => {
      socket.resetAndDestroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}

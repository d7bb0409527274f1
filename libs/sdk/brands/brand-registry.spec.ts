/** What a hub can do to the registry: everything but make itself believed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signStatement, type PrivateJwk } from '#crypto';
import type { Json } from '#kernel';
import type { BrandStatement } from '#protocol';
import { createHome, type PartyHome } from '../keys/index.js';
import { fingerprintOf } from '../keys/public-file.js';
import type { HubClient } from '../transport/hub-client.js';
import { loadBrandIndex, syncBrands } from './brand-registry.js';

const BRAND = '0198c0de-0000-7000-8000-00000000000b';

describe(syncBrands.name, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-brands-'));
  const aHome = (name: string): PartyHome => createHome(path.join(folder, name), {
    name, nameZh: name, role: 'member', federationId: 'fed', hubId: 'hub', hubUrl: 'http://127.0.0.1:1', authUrl: 'http://127.0.0.1:2', keyHolders: [{ id: 'h1', url: 'http://127.0.0.1:3' }, { id: 'h2', url: 'http://127.0.0.1:4' }], officers: ['O'],
  } as never);
  const owner = aHome('owner');
  let reader: PartyHome;
  let turn = 0;
  beforeEach(() => {
    reader = aHome(`reader-${String(turn++)}`);
    reader.trust.add(owner.publicFile(), fingerprintOf(owner.publicFile()), new Date());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const statement = (change: Partial<BrandStatement> = {}): BrandStatement => ({
    v: 1, federation: 'fed', owner: owner.party.partyId, brand: BRAND, revision: 5, names: ['微众银行'], marks: [], latin: [], numbers: [], domains: [], accounts: [], withdrawn: false, time: '2026-11-22T08:00:00.000Z', ...change,
  });
  const signed = async (content: BrandStatement, key: PrivateJwk = owner.privateKey('evidence') as PrivateJwk): Promise<string> => signStatement('tally-brand+1', content as unknown as Json, key);
  /** A hub that serves these and nothing else. */
  const serving = (...nodes: object[]): HubClient => ({
    graphql: () => Promise.resolve({ brands: { edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage: false, endCursor: null } } }),
  }) as unknown as HubClient;
  const node = async (content: BrandStatement, change: object = {}): Promise<object> => ({ owner: content.owner, brandId: content.brand, revision: content.revision, statement: await signed(content), ...change });
  const told = async (): Promise<unknown> => (await loadBrandIndex(reader)).test('org_name', '星微众网络科技', '星微众网络科技').map(({ how }) => how);

  it('believes what a pinned member signed, and tests values by it', async () => {
    expect(await syncBrands(reader, serving(await node(statement())))).toEqual({ brands: 1, untrusted: 0, refused: 0 });
    expect(await told()).toEqual(['CONTAINS']);
  });

  it('believes nothing of a member without a pin, and nothing any longer when the pin is gone', async () => {
    const stranger = aHome(`stranger-${String(turn)}`);
    const foreign = { ...statement(), owner: stranger.party.partyId };
    const served = { owner: foreign.owner, brandId: BRAND, revision: 5, statement: await signed(foreign, stranger.privateKey('evidence') as PrivateJwk) };
    expect(await syncBrands(reader, serving(served))).toEqual({ brands: 0, untrusted: 1, refused: 0 });
    await syncBrands(reader, serving(await node(statement())));
    rmSync(reader.file('trust.json'));
    expect(await told()).toEqual([]);
  });

  it.each([
    ['signed by another key', async () => node(statement(), { statement: await signed(statement(), aHome(`forger-${String(turn++)}`).privateKey('evidence') as PrivateJwk) })],
    ['signed by the right party with a key of another use', async () => node(statement(), { statement: await signed(statement(), owner.privateKey('auth') as PrivateJwk) })],
    ['of another federation', async () => node(statement({ federation: 'other' }))],
    ['under another id', async () => node(statement(), { brandId: '0198c0de-0000-7000-8000-00000000000c' })],
    ['with another revision', async () => node(statement(), { revision: 6 })],
    ['changed on the way', async () => { const jws = await signed(statement()); return node(statement(), { statement: jws.replace(/^([^.]+)\.(.)/, (_, head: string, first: string) => `${head}.${first === 'A' ? 'B' : 'A'}`) }); }],
    ['that is no statement', async () => node(statement(), { statement: 'x' })],
  ])('refuses a statement %s', async (_, served) => {
    expect(await syncBrands(reader, serving(await served()))).toEqual({ brands: 0, untrusted: 0, refused: 1 });
    expect(await told()).toEqual([]);
  });

  it('keeps as many brands of a member as the registry takes, whatever the hub serves', async () => {
    const many = await Promise.all(Array.from({ length: 25 }, (_, i) => node(statement({ brand: `0198c0de-0000-7000-8000-0000000000${String(10 + i)}` }))));
    expect(await syncBrands(reader, serving(...many))).toEqual({ brands: 20, untrusted: 0, refused: 5 });
    expect(await syncBrands(reader, serving(...many))).toEqual({ brands: 20, untrusted: 0, refused: 5 });
  });

  it('does not go back to an older statement or another one of the same revision, nor forget one that the hub no longer serves', async () => {
    await syncBrands(reader, serving(await node(statement())));
    expect(await syncBrands(reader, serving(await node(statement({ revision: 4, names: ['别的'] }))))).toEqual({ brands: 1, untrusted: 0, refused: 1 });
    expect(await syncBrands(reader, serving())).toEqual({ brands: 1, untrusted: 0, refused: 0 });
    expect(await told()).toEqual(['CONTAINS']);
    expect(await syncBrands(reader, serving(await node(statement({ names: ['别的银行'] }))))).toEqual({ brands: 1, untrusted: 0, refused: 1 });
    expect(await syncBrands(reader, serving(await node(statement())))).toEqual({ brands: 1, untrusted: 0, refused: 0 }); // signed once more, the same words
    expect(await told()).toEqual(['CONTAINS']);
    const gone = statement({ revision: 6, withdrawn: true, names: [] });
    expect(await syncBrands(reader, serving(await node(gone)))).toEqual({ brands: 0, untrusted: 0, refused: 0 });
    expect(await told()).toEqual([]);
  });
});

import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { aClue, tokenOf, type ClueWords } from '#testing';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';

const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } };
const PUBLISH = `mutation ($input: PublishCluesInput!) { publishClues(input: $input) {
  publicationId accepted alreadyKnown overlapsAtOnce items { clueId outcome code field knownAs } } }`;
const RETRACT = 'mutation ($input: RetractCluesInput!) { retractClues(input: $input) { retracted withdrawn items { clueId outcome } } }';
const CHECK = `mutation ($input: CheckTokensInput!) { checkTokens(input: $input) { disclosureId remaining answers {
  index band strength categories levels impersonated firstSeen lastSeen } } }`;
const OVERLAPS = `query ($purpose: Purpose!, $legalBasis: LegalBasisInput!, $first: Int, $after: String, $since: Instant) {
  overlaps(purpose: $purpose, legalBasis: $legalBasis, first: $first, after: $after, since: $since) {
    edges { cursor node { id clueId kind strength others categories levels level impersonated firstSeen lastSeen state openedAt changedAt } } pageInfo { hasNextPage endCursor } } }`;
const OVERLAP = 'query ($purpose: Purpose!, $legalBasis: LegalBasisInput!, $id: UUID!) { overlap(purpose: $purpose, legalBasis: $legalBasis, id: $id) { id state } }';
const EVENTS = '{ events(first: 100) { edges { node { seq kind subjectId at } } } }';

describe('clues and overlaps over HTTP', () => {
  const hub = withHub();
  let a: TestParty, b: TestParty, c: TestParty;
  beforeAll(async () => { [a, b, c] = [await hub.party('member'), await hub.party('member'), await hub.party('member')]; });

  const key = (): string => randomUUID();
  const publish = (who: TestParty, clues: ClueWords[], idempotencyKey = key()): Promise<Answer> => who.graphql(PUBLISH, { input: { idempotencyKey, clues } });
  const check = (who: TestParty, tokens: string[], idempotencyKey = key()): Promise<Answer> => who.graphql(CHECK, { input: { idempotencyKey, ...STATED, tokens } });
  const upload = (who: TestParty, publicationId: string, seq: number, clues: unknown[], change: { gzip?: boolean; digest?: string; headers?: Record<string, string> } = {}): Promise<Answer> => {
    const text = Buffer.from(clues.map((clue) => (typeof clue === 'string' ? clue : JSON.stringify(clue))).join('\n'));
    const body = change.gzip ? gzipSync(text) : text;
    const digest = change.digest ?? `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    return who.request('POST', `/v1/publications/${publicationId}/chunks/${seq}`, {
      headers: { 'content-type': 'application/x-ndjson', 'content-digest': digest, ...(change.gzip ? { 'content-encoding': 'gzip' } : {}), ...change.headers }, body });
  };
  const codeOf = ({ body }: Answer): string => body.errors?.[0]?.extensions?.code ?? body.code;

  it('publishes a batch, item by item, and gives the same answer to the same key', async () => {
    const [good, complaint, individual] = [aClue(), aClue({ category: 'MALICIOUS_COMPLAINT', means: [] }), aClue({ category: 'INDIVIDUAL_NOT_GREY_INDUSTRY' })];
    const again = { ...aClue(), forms: good.forms };
    const idempotencyKey = key();
    const answer = await publish(a, [good, complaint, individual, again], idempotencyKey);
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data.publishClues).toMatchObject({
      accepted: 1, alreadyKnown: 1, overlapsAtOnce: 'ZERO',
      items: [
        { clueId: good.clueId, outcome: 'ACCEPTED', code: null },
        { clueId: complaint.clueId, outcome: 'REFUSED', code: 'EVIDENCE_INSUFFICIENT', field: 'means' },
        { clueId: individual.clueId, outcome: 'REFUSED', code: 'CATEGORY_NOT_SHAREABLE' },
        { clueId: again.clueId, outcome: 'ALREADY_KNOWN', knownAs: good.clueId },
      ] });
    expect((await publish(a, [good, complaint, individual, again], idempotencyKey)).body).toEqual(answer.body);
    expect(codeOf(await publish(a, [good], idempotencyKey))).toBe('IDEMPOTENCY_MISMATCH');
    expect(await hub.db.admin("select payload from platform.outbox where job = 'overlaps.match' and payload ->> 'publicationId' = $1", [answer.body.data.publishClues.publicationId])).toHaveLength(1);
  });

  it('has no word for marketing', async () => {
    expect(codeOf(await publish(a, [{ ...aClue(), purpose: 'MARKETING' }]))).toBe('BAD_INPUT');
    expect(codeOf(await a.graphql(OVERLAPS, { ...STATED, purpose: 'CREDIT_SCORING' }))).toBe('BAD_INPUT');
    expect(codeOf(await a.graphql(OVERLAPS, { legalBasis: STATED.legalBasis }))).toBe('BAD_INPUT');
  });

  it('lists own clues only', async () => {
    const clue = aClue();
    await publish(b, [clue]);
    const list = 'query ($after: String) { clues(first: 1, after: $after) { edges { node { clueId state level kindVersion expiresAt publishedAt } cursor } pageInfo { hasNextPage endCursor } } }';
    const { body } = await b.graphql(list);
    expect(body.data.clues.edges).toMatchObject([{ node: { clueId: clue.clueId, state: 'LIVE', level: 'L1', kindVersion: 'org_name@1' } }]);
    const { publishedAt, expiresAt } = body.data.clues.edges[0].node;
    expect(Date.parse(expiresAt) - Date.parse(publishedAt)).toBe(90 * 86_400_000);
    expect((await b.graphql(list, { after: body.data.clues.pageInfo.endCursor })).body.data.clues.edges).toEqual([]);
    expect((await c.graphql(list)).body.data.clues.edges).toEqual([]);
  });

  it('takes a bulk publication in chunks, once, with and without gzip', async () => {
    const publicationId = uuidv7();
    const [one, two] = [aClue(), aClue()];
    const first = await upload(a, publicationId, 0, [one, '{"clueId":', { ...two, purpose: 'MARKETING' }]);
    expect(first.body).toMatchObject({ publicationId, seq: 0, received: 3, accepted: 1, alreadyKnown: 0, known: [],
      refused: [{ clueId: null, line: 2, code: 'BAD_INPUT', field: 'line' }, { clueId: two.clueId, line: 3, code: 'BAD_INPUT', field: 'purpose' }] });
    expect((await upload(a, publicationId, 0, [one, '{"clueId":', { ...two, purpose: 'MARKETING' }], { gzip: true })).body).toEqual(first.body);
    expect(codeOf(await upload(a, publicationId, 0, [two]))).toBe('IDEMPOTENCY_MISMATCH');
    expect((await upload(a, publicationId, 1, [two, { ...aClue(), forms: one.forms }], { gzip: true })).body).toMatchObject({ accepted: 1, alreadyKnown: 1, known: [[expect.any(String), one.clueId]] });
    expect(codeOf(await a.json('POST', `/v1/publications/${publicationId}/finish`, { chunks: 3 }))).toBe('STATE_CONFLICT');
    const finished = { publicationId, state: 'FINISHED', chunks: [0, 1], accepted: 2, alreadyKnown: 1, refused: 2, via: 'BULK', match: 'PENDING', overlaps: 0 };
    for (let i = 0; i < 2; i++) expect((await a.json('POST', `/v1/publications/${publicationId}/finish`, { chunks: 2 })).body).toEqual(finished);
    expect((await a.request('GET', `/v1/publications/${publicationId}`)).body).toEqual(finished);
    expect(codeOf(await upload(a, publicationId, 2, [aClue()]))).toBe('STATE_CONFLICT');
    expect((await upload(a, publicationId, 0, [one, '{"clueId":', { ...two, purpose: 'MARKETING' }])).body).toEqual(first.body);
    expect((await b.request('GET', `/v1/publications/${publicationId}`)).status).toBe(404);
    expect(await hub.db.admin("select id from platform.outbox where payload ->> 'publicationId' = $1", [publicationId])).toHaveLength(1);
  });

  it('refuses a chunk that did not arrive as it was sent, or is too much, and keeps nothing of it', async () => {
    const publicationId = uuidv7();
    const line = JSON.stringify(aClue());
    expect(codeOf(await upload(a, publicationId, 0, [line], { digest: `sha-256=:${createHash('sha256').update('x').digest('base64')}:` }))).toBe('DIGEST_MISMATCH');
    expect(codeOf(await upload(a, publicationId, 0, [line], { digest: 'md5=:AAAA:' }))).toBe('BAD_INPUT');
    expect(codeOf(await upload(a, publicationId, 0, [line], { headers: { 'content-encoding': 'gzip' } }))).toBe('BAD_INPUT');
    expect(codeOf(await upload(a, publicationId, 0, [line], { headers: { 'content-type': 'text/plain' } }))).toBe('BAD_INPUT');
    expect(codeOf(await upload(a, publicationId, 0, ['x'.repeat(70_000)]))).toBe('LIMIT_EXCEEDED');
    expect(codeOf(await upload(a, publicationId, 0, Array<string>(5_001).fill('{}')))).toBe('LIMIT_EXCEEDED');
    expect(codeOf(await upload(a, publicationId, 0, [' '.repeat(9 * 1024 * 1024)], { gzip: true }))).toMatch(/LIMIT_EXCEEDED|PAYLOAD_TOO_LARGE/);
    expect(codeOf(await upload(a, publicationId, 0, []))).toBe('BAD_INPUT');
    expect((await a.request('GET', `/v1/publications/${publicationId}`)).status).toBe(404);
  });

  it('answers checks in classes, counts tokens, and repeats an answer without a debit', async () => {
    const victim = aClue({ on: 'check victim', role: 'VICTIM' });
    await publish(a, [aClue({ on: 'check one' }), victim]);
    await publish(b, [aClue({ on: 'check one', role: 'IMPERSONATED', category: 'CREDIT_REPAIR' })]);
    const idempotencyKey = key();
    const answer = await check(c, [tokenOf('check one'), tokenOf('check none'), tokenOf('check victim')], idempotencyKey);
    expect(answer.body.errors).toBeUndefined();
    const nothing = { band: 'ZERO', strength: null, categories: [], levels: [], impersonated: false, firstSeen: null, lastSeen: null };
    expect(answer.body.data.checkTokens).toMatchObject({ remaining: 9_997, answers: [
      { index: 0, band: 'TWO_OR_MORE', strength: 'EXACT', categories: ['CREDIT_REPAIR', 'PROXY_RIGHTS_PROTECTION'], levels: ['L1'], impersonated: true, firstSeen: '2026-03-01' },
      { index: 1, ...nothing }, { index: 2, ...nothing }] });
    expect((await check(c, [tokenOf('check one'), tokenOf('check none'), tokenOf('check victim')], idempotencyKey)).body).toEqual(answer.body);
    expect((await check(a, [tokenOf('check one')])).body.data.checkTokens.answers[0]).toMatchObject({ band: 'ONE', categories: ['CREDIT_REPAIR'] });
    expect(codeOf(await check(c, ['zz']))).toBe('BAD_INPUT');
    expect(codeOf(await check(c, Array<string>(501).fill(tokenOf('x'))))).toBe('LIMIT_EXCEEDED');
  });

  it('says at once that clues overlap, lists overlaps after the match, and withdraws them on retraction', async () => {
    const mine = aClue({ on: 'journey' });
    await publish(a, [mine]);
    const answer = await publish(b, [aClue({ on: 'journey' })]);
    expect(answer.body.data.publishClues.overlapsAtOnce).toBe('ONE');
    const worker = await hub.db.worker();
    const jobs = await hub.db.admin<{ payload: { memberId: string; publicationId: string } }>("select payload from platform.outbox where job = 'overlaps.match'");
    for (const { payload } of jobs) await worker.system.run((tx) => tx.query('select * from match.match_slice($1, $2, 1000)', [payload.memberId, payload.publicationId]));
    const listed = await a.graphql(OVERLAPS, STATED);
    expect(listed.body.errors).toBeUndefined();
    const { node } = listed.body.data.overlaps.edges.find((edge: { node: { clueId: string } }) => edge.node.clueId === mine.clueId);
    expect(node).toMatchObject({ kind: 'org_name', strength: 'EXACT', others: 'ONE', level: 'L2', state: 'OPEN', impersonated: false });
    expect((await a.graphql(OVERLAP, { ...STATED, id: node.id })).body.data.overlap).toEqual({ id: node.id, state: 'OPEN' });
    expect(codeOf(await c.graphql(OVERLAP, { ...STATED, id: node.id }))).toBe('NOT_FOUND');
    expect((await a.graphql(OVERLAPS, { ...STATED, since: new Date(Date.now() + 60_000).toISOString() })).body.data.overlaps.edges).toEqual([]);

    const theirs = answer.body.data.publishClues.items[0].clueId as string;
    const retraction = { idempotencyKey: key(), clueIds: [theirs, mine.clueId], reason: 'FALSE_POSITIVE' };
    expect((await b.graphql(RETRACT, { input: retraction })).body.data.retractClues).toMatchObject({ retracted: 1, withdrawn: 1 });
    expect((await a.graphql(OVERLAP, { ...STATED, id: node.id })).body.data.overlap).toEqual({ id: node.id, state: 'WITHDRAWN' });
    const kinds = (await a.graphql(EVENTS)).body.data.events.edges.filter((edge: { node: { subjectId: string } }) => edge.node.subjectId === node.id)
      .map((edge: { node: { kind: string } }) => edge.node.kind);
    expect(kinds).toEqual(['OVERLAP_OPENED', 'CLUE_RETRACTED', 'OVERLAP_WITHDRAWN']);
  });
});

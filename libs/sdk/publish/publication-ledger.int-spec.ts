/** The ledger on a real store: what a kill between any two steps leaves behind. */
import { mkdtempSync, readFileSync, rmSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ClueId } from '#kernel';
import { createHome, type PartyHome } from '../keys/index.js';
import { put, vaultKey, Vault } from '../vault/vault.js';
import type { PublicationRecord } from '../vault/vault-records.js';
import { NO_COUNTS, PublicationLedger, type WindowOutcome } from './publication-ledger.js';
import type { PublishWindow } from './publish-window.js';
import { RejectsFile } from './rejects-file.js';

const RAW = '１３３ ２０８２ ６７７９';
const [C1, C2, HELD] = ['0197a3c2-0000-7000-8000-000000000001', '0197a3c2-0000-7000-8000-000000000002', '0197a3c2-0000-7000-8000-0000000000ff'] as ClueId[] as [ClueId, ClueId, ClueId];
const PUBLICATION = '0197a3c2-0000-7000-8000-0000000000aa';
const record: PublicationRecord = {
  publicationId: PUBLICATION, fileId: 'f1', fileName: 'a.csv', profileDigest: 'd', epoch: 1, startedAt: '2026-11-22T08:00:00.000Z', state: 'RUNNING', rowsDone: 0, nextWindow: 0, nextChunk: 0,
  hubPublicationId: null, rejectsBytes: 0, counts: NO_COUNTS,
};
const window = (): PublishWindow => ({
  number: 0, rowsDone: 5, clues: [{}, {}] as never, rows: [{ clueId: C1, fileId: 'f1', line: 2, row: 'A1' }, { clueId: C1, fileId: 'f1', line: 3, row: 'A2' }, { clueId: C2, fileId: 'f1', line: 4, row: 'A3' }],
  locals: [{ line: 5, row: 'A4', kind: 'complaint_text', raw: '要求先交定金', notice: 'NOT_MATCHED_YET' }], rejects: [{ line: 6, row: 'A5', code: 'MASKED', reason: 'masked', reasonZh: '打码' }],
  slots: [], slotOf: new Map(), keyOf: new Map(), knownWeak: new Map(), repeated: 1, knownBefore: 0, committed: false,
});
const clue = (clueId: ClueId, indexKey: string): WindowOutcome['clues'][number] => ({
  clueId, record: { kind: 'phone', kindVersion: 'phone@1', epoch: 1, forms: [], category: 'PHISHING', indexKey },
  sealed: { raw: RAW, canonical: '+8613320826779', firstSeen: '2026-03-01T00:00:00.000Z', channel: 'x' },
});
const outcome: WindowOutcome = { clues: [clue(C1, 'i1'), clue(C2, 'i2')], weakTokens: [], chunk: { via: 'bulk', clueIds: [C1, C2], body: 'Ym9keQ==' }, journal: [] };

describe(PublicationLedger.name, () => {
  let folder: string;
  let home: PartyHome;
  let vault: Vault;
  let rejects: RejectsFile;
  let sut: PublicationLedger;
  const rejectsPath = (): string => path.join(folder, 'rejects.csv');
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'tally-ledger-'));
    home = createHome(path.join(folder, 'home'), {
      role: 'member', name: 'Bank', nameZh: '行', hubUrl: 'http://127.0.0.1:1', authUrl: 'http://127.0.0.1:1', keyHolders: [], federationId: 'fed', hubId: 'hub', officers: [],
    });
    vault = await Vault.open(home);
    await vault.write([put(vaultKey.publication(PUBLICATION), record)]);
    rejects = await RejectsFile.open(rejectsPath(), 0);
    sut = new PublicationLedger(vault, record, rejects, 'en');
  });
  afterEach(async () => {
    await rejects.close();
    await vault.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const reopened = async (): Promise<PublicationRecord> => {
    await vault.close();
    vault = await Vault.open(home);
    return (await vault.publications())[0]!;
  };

  it('keeps the bytes to be sent until the hub has answered', async () => {
    expect(await sut.commitWindow(window(), outcome)).toBe(0);
    expect(await reopened()).toMatchObject({ rowsDone: 5, nextWindow: 1, nextChunk: 1, counts: { rows: 5, rejected: 1, keptLocal: 1, repeated: 1, clues: 2, rejectsByCode: { MASKED: 1 } } });
    expect(await vault.pendingChunks(PUBLICATION)).toEqual([0]);
    expect((await vault.chunk(PUBLICATION, 0))?.body).toBe('Ym9keQ==');
    expect((await vault.rowsOf(C1)).map(({ row }) => row)).toEqual(['A1', 'A2']);
    sut = new PublicationLedger(vault, (await vault.publications())[0]!, rejects, 'en');
    await sut.acknowledge(0, { accepted: 2, alreadyKnown: 0, refused: [], known: [], hubPublicationId: null });
    expect(await vault.pendingChunks(PUBLICATION)).toEqual([]);
    expect((await reopened()).counts).toMatchObject({ clues: 2, accepted: 2, refused: 0 });
  });

  it('turns rows of a refused clue into rejects and lets a corrected row be published again', async () => {
    await sut.commitWindow(window(), outcome);
    await sut.acknowledge(0, { accepted: 1, alreadyKnown: 0, refused: [{ clueId: C1, code: 'EVIDENCE_INSUFFICIENT' }], known: [], hubPublicationId: null });
    expect(sut.record.counts).toMatchObject({ accepted: 1, refused: 1, refusedRows: 2, rejectsByCode: { MASKED: 1, EVIDENCE_INSUFFICIENT: 2 } });
    expect(await vault.getMany([vaultKey.exact('i1'), vaultKey.exact('i2')])).toEqual([undefined, C2]);
    expect(await vault.clue(C1)).toMatchObject({ state: 'REFUSED', code: 'EVIDENCE_INSUFFICIENT' });
    expect(readFileSync(rejectsPath(), 'utf8')).toBe('line,row,code,reason\n6,A5,MASKED,masked\n2,A1,EVIDENCE_INSUFFICIENT,refused by the hub\n3,A2,EVIDENCE_INSUFFICIENT,refused by the hub\n');
  });

  it('cuts off what an interrupted run wrote beyond its last step', async () => {
    await sut.commitWindow(window(), outcome);
    await rejects.write([{ line: 9, row: 'A9', code: 'EMPTY', reason: 'empty', reasonZh: '空' }], 'en');
    await rejects.close();
    rejects = await RejectsFile.open(rejectsPath(), (await reopened()).rejectsBytes);
    expect(readFileSync(rejectsPath(), 'utf8')).toBe('line,row,code,reason\n6,A5,MASKED,masked\n');
  });

  it('lets the rows speak for the clue that the hub held already', async () => {
    await sut.commitWindow(window(), outcome);
    await sut.acknowledge(0, { accepted: 1, alreadyKnown: 1, refused: [], known: [[C1, HELD]], hubPublicationId: null });
    expect(await vault.clue(C1)).toBeUndefined();
    expect((await vault.rowsOf(HELD)).map(({ row }) => row)).toEqual(['A1', 'A2']);
    expect(vault.openClue(HELD, (await vault.clue(HELD))!)?.raw).toBe(RAW);
  });

  it('does not let the hub put a clue in the place of another indicator\'s', async () => {
    const apart = { ...outcome, clues: outcome.clues.map((one, i) => ({ ...one, record: { ...one.record, forms: [{ kind: 'phone', strength: 'EXACT' as const, token: String(i).repeat(32) }] } })) };
    await sut.commitWindow(window(), apart);
    const before = await vault.clues([C1, C2]);
    const lie = { accepted: 1, alreadyKnown: 1, refused: [], known: [[C1, C2]] as const, hubPublicationId: null };
    await expect(sut.acknowledge(0, lie)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(await vault.clues([C1, C2])).toEqual(before);
    expect((await vault.rowsOf(C1)).map(({ row }) => row)).toEqual(['A1', 'A2']);
    expect(await vault.pendingChunks(PUBLICATION)).toEqual([0]);
  });

  it('leaves no raw value on the disk, and none at all after a purge', async () => {
    await sut.commitWindow(window(), outcome);
    await reopened();
    const bytes = readdirSync(home.file('vault')).map((name) => readFileSync(home.file('vault', name)));
    for (const value of [RAW, '+8613320826779', '13320826779', '要求先交定金']) expect(bytes.some((part) => part.includes(value))).toBe(false);
    expect(bytes.some((part) => part.includes('NOT_MATCHED_YET'))).toBe(true); // control: the records are there to be read
    expect(await vault.purgeRawValues()).toBe(3);
    expect(vault.openClue(C1, (await vault.clue(C1))!)).toBeNull();
    expect((await vault.rowsOf(C1)).map(({ row }) => row)).toEqual(['A1', 'A2']);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError } from '#kernel';
import { createEventLog } from '#platform/logging';
import { WatchedFile } from './watched-file.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tally-watched-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = createEventLog({ app: 'keyholder', level: 'silent' as never });
const file = path.join(folder, 'roster.json');
const PACE = { lookMs: 5, refusedMs: 40 };

describe(WatchedFile.name, () => {
  let reads: (() => Promise<string>)[];
  let sut: WatchedFile<string>;
  let turn = 0;
  const write = (): void => writeFileSync(file, 'x'.repeat(++turn));
  const becomes = async (value: string): Promise<void> => {
    for (let i = 0; i < 200 && sut.current !== value; i++) await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(sut.current).toBe(value);
  };
  beforeEach(async () => {
    write();
    reads = [() => Promise.resolve('first')];
    sut = new WatchedFile('roster', file, log, () => reads.shift()!(), PACE);
    await sut.start();
  });
  afterEach(() => sut.stop());

  it('looks again when a file could not be judged, until it can: it may take somebody out', async () => {
    reads.push(() => Promise.reject(new Error('statement timeout')), () => Promise.reject(new DomainError('KEY_HOLDERS_UNAVAILABLE', 'ledger')), () => Promise.resolve('second'));
    write();
    await becomes('second');
  });
  it('looks again, less often, at a file that was refused: it may begin later', async () => {
    const since = Date.now();
    reads.push(() => Promise.reject(new DomainError('MANIFEST_INVALID', 'validity')), () => Promise.resolve('second'));
    write();
    await becomes('second');
    expect(Date.now() - since).toBeGreaterThanOrEqual(PACE.refusedMs);
  });
  it('never takes an older reading for the newer one', async () => {
    let release: (value: string) => void = () => undefined;
    reads.push(() => new Promise((resolve) => { release = resolve; }), () => Promise.resolve('third'));
    write();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    write();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    release('second');
    await becomes('third');
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    expect(sut.current).toBe('third');
  });
});

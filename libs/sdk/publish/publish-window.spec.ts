import { BrandIndex } from '#indicators';
import { uuidV7Time } from '#kernel';
import { VaultKeys } from '../vault/vault-keys.js';
import { parseProfile } from './profile.js';
import { WindowBuilder, type PublishWindow } from './publish-window.js';
import { takeIn, type Intake } from './row-intake.js';

const profile = parseProfile({
  role: 'SUSPECT', category: 'PHISHING', means: ['VICTIM_REPORT'], level: 'L1', purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' }, tlp: 'AMBER',
});
const keys = new VaultKeys(new Uint8Array(32).fill(1));
const phone = (n: number): string => `133${String(20_000_000 + n)}`;
const rows = (values: readonly string[], kind = 'phone'): Intake[] => values.map((value, i) =>
  takeIn({ line: i + 2, cells: { row: `R${i}`, type: kind, value, first_seen: '2026-03-01', channel: 'x' } }, { profile, policy: 'synthetic', now: new Date('2026-11-22'), valueKind: null, brands: new BrandIndex([]) }));

/** Commits each window before the next is asked for when `eager`, else leaves all under way. */
async function build(intakes: readonly Intake[], options: { maxForms?: number; eager?: boolean; stored?: Map<string, string>; startedAtMs?: number } = {}): Promise<PublishWindow[]> {
  const stored = options.stored ?? new Map<string, string>();
  const builder = new WindowBuilder({
    intakes: (async function* () { yield* intakes; })(), vault: { keys, getMany: async (wanted) => wanted.map((key) => stored.get(key)) },
    epoch: 1, fileId: 'f', startedAtMs: options.startedAtMs ?? 0, firstWindow: 0, rowsDone: 0, maxForms: options.maxForms ?? 64,
  });
  const windows: PublishWindow[] = [];
  for await (const window of builder.windows()) {
    windows.push(window);
    if (options.eager) {
      for (const { clueId, indexKey } of window.clues) stored.set(`x/${indexKey}`, clueId);
      window.committed = true;
    }
  }
  return windows;
}
const clueIdsOf = (windows: readonly PublishWindow[]): string[] => windows.flatMap((window) => window.rows.map(({ clueId }) => clueId));

describe(WindowBuilder.name, () => {
  it('makes a second spelling a further row of the same clue', async () => {
    const [window] = await build(rows([phone(1), `+86 ${phone(1)}`, `电话：${phone(1)}`, phone(2)]));
    expect(window).toMatchObject({ repeated: 2, knownBefore: 0, rowsDone: 4 });
    expect(window?.clues).toHaveLength(2);
    expect(new Set(window?.rows.slice(0, 3).map(({ clueId }) => clueId)).size).toBe(1);
  });
  it.each([true, false])('finds a spelling again in a later window, committed meanwhile: %s', async (eager) => {
    const values = Array.from({ length: 1200 }, (_, i) => phone(i % 600));
    const windows = await build(rows(values), { eager, maxForms: 100 });
    const ids = clueIdsOf(windows);
    expect(windows.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(600);
    values.forEach((value, i) => expect(ids[i]).toBe(ids[values.indexOf(value)]));
    expect(windows.reduce((sum, window) => sum + window.repeated, 0)).toBe(600);
  });
  it('never holds more forms than a batch may, and misses no row', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `重庆${String.fromCodePoint(0x4e00 + i * 7)}${String.fromCodePoint(0x5300 + i * 3)}信息咨询有限公司`);
    const windows = await build(rows(names, 'org_name'), { maxForms: 64 });
    expect(Math.max(...windows.map(({ slots }) => slots.length))).toBeLessThanOrEqual(64);
    expect(windows.reduce((sum, { rows: own, rejects }) => sum + own.length + rejects.length, 0)).toBe(300);
    expect(windows.at(-1)?.rowsDone).toBe(300);
  });
  it('tells what an earlier publication knew from what this file repeats', async () => {
    const [first] = await build(rows([phone(1)]));
    const clue = first!.clues[0]!;
    const stored = new Map([[`x/${clue.indexKey}`, clue.clueId]]);
    const made = uuidV7Time(clue.clueId)!;
    expect((await build(rows([phone(1)]), { stored, startedAtMs: made + 1 }))[0]).toMatchObject({ knownBefore: 1, repeated: 0, clues: [], slots: [] });
    expect((await build(rows([phone(1)]), { stored, startedAtMs: made }))[0]).toMatchObject({ knownBefore: 0, repeated: 1, clues: [], slots: [] });
  });
  it('asks for no token of a weak form that the vault holds', async () => {
    const intakes = rows(['重庆鑫源金融信息服务有限公司'], 'org_name');
    const [window] = await build(intakes);
    const weak = window!.slots.find(({ weakKey }) => weakKey !== null);
    expect(weak).toBeDefined();
    const [again] = await build(intakes, { stored: new Map([[weak!.weakKey!, 'ab'.repeat(16)]]) });
    expect(again!.slots).toHaveLength(window!.slots.length - 1);
    expect([...again!.knownWeak.values()]).toEqual(['ab'.repeat(16)]);
  });
});

/** `tally normalise` and `tally kinds`: no home, no vault, no network; one answer a row. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { COMMANDS } from '../commands/index.js';
import { runTally } from '../shell/run-tally.js';

class SlowSink extends Writable {
  text = '';
  constructor() { super({ highWaterMark: 64 }); }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void { this.text += chunk.toString(); setImmediate(done); }
}

describe('tally normalise', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tally-normalise-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const run = async (...args: readonly string[]): Promise<{ exit: number; out: string; err: string }> => {
    const [stdout, stderr] = [new SlowSink(), new SlowSink()];
    const exit = await runTally(args, { stdin: Readable.from([]), stdout, stderr, env: { LANG: 'en' } }, COMMANDS);
    return { exit, out: stdout.text, err: stderr.text };
  };
  const table = file('clues.csv', '编号,类型,线索值\nA1,手机,138 0013 8000\nA2,,水木（湖北）科技集团有限公司\nA3,phone,138****8000\nA4,投诉,客服说可以代办停息挂账，收取百分之二十的手续费，要求先交定金。\nA5,url,https://pay.a.example/x?utm_source=1\n');

  it('gives one object a row with --json, and the counts on stderr', async () => {
    const { exit, out, err } = await run('normalise', table, '--json', '--rejects', path.join(folder, 'rejects.csv'));
    expect(exit).toBe(0);
    expect(out.trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
      { row: 'A1', line: 2, kind: 'phone', forms: [{ kind: 'phone', canonical: '+8613800138000', strength: 'exact', variant: 'canonical' }], reject: null, bands: 0 },
      expect.objectContaining({ row: 'A2', kind: 'org_name', forms: [expect.objectContaining({ canonical: '水木(湖北)科技集团有限公司' }), expect.objectContaining({ strength: 'weak', variant: 'core-name' })] }),
      { row: 'A3', line: 4, kind: 'phone', forms: [], reject: { code: 'MASKED', reason: expect.any(String) as string, reasonZh: expect.any(String) as string }, bands: 0 },
      expect.objectContaining({ row: 'A4', forms: [expect.objectContaining({ kind: 'complaint_text', strength: 'exact' })], reject: null, bands: 20 }),
      expect.objectContaining({ forms: [expect.objectContaining({ canonical: 'https://pay.a.example/x' }), expect.objectContaining({ variant: 'registrable-domain' }), expect.objectContaining({ variant: 'host' })] }),
    ]);
    expect(JSON.parse(err.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ event: 'normalise.done', rows: 5, accepted: 4, rejected: 1 });
    expect(readFileSync(path.join(folder, 'rejects.csv'), 'utf8')).toMatch(/^line,row,code,reason\n4,A3,MASKED,[^\n]+\n$/);
  });

  it('reads the longest complaint in each way to write it, and refuses a longer one alone', async () => {
    const text = Array.from({ length: 32_000 }, (_, i) => String.fromCodePoint(0x4e00 + (i * 7_919) % 20_992)).join('');
    const escaped = [...text].map((char) => `\\u${char.charCodeAt(0).toString(16)}`).join('');
    const files = [
      file('long.csv', `row,type,value\nL1,complaint_text,${text}\nL2,complaint_text,${text}啊\nL3,phone,13800138000\n`),
      file('long.jsonl', `{"row":"L1","type":"complaint_text","value":"${escaped}"}\n{"row":"L2","type":"complaint_text","value":"${escaped}\\u554a"}\n{"row":"L3","type":"phone","value":"13800138000"}\n`),
    ];
    for (const one of files) {
      const { exit, out } = await run('normalise', one, '--json');
      const rows = out.trimEnd().split('\n').map((line) => JSON.parse(line) as { reject: { code: string } | null; bands: number });
      expect([exit, rows.map(({ reject, bands }) => reject?.code ?? bands)]).toEqual([0, [20, 'TOO_LONG', 0]]);
    }
  });

  it('says the same in Chinese for people', async () => {
    const { out, err } = await run('normalise', table, '--lang', 'zh');
    expect(out.split('\n')[2]).toBe('A3\t-\tMASKED\t含有打码字符，无法确定唯一值');
    expect(err).toMatch(/共 5 行/);
  });

  it('waits for who reads, however long the file', async () => {
    const { out } = await run('normalise', file('long.csv', `phone\n${Array.from({ length: 3000 }, (_, i) => `1380013${String(i).padStart(4, '0')}\n`).join('')}`));
    expect(out.split('\n')).toHaveLength(3001);
    expect(out.split('\n')[2999]).toBe('3000\tphone\t+8613800132999');
  });

  it.each([
    ['HEADER_INVALID', ['normalise', file('h.csv', 'a,b\n1,13800138000\n')]], ['BAD_INPUT', ['normalise', table, '--map', 'nonsense']], ['KIND_UNKNOWN', ['normalise', table, '--kind', 'passport']],
    ['HEADER_INVALID', ['normalise', table, '--map', 'value=13800138000']], ['FILE_UNREADABLE', ['normalise', path.join(folder, 'none.csv')]],
  ])('refuses with %s and one line that holds no value', async (code, args) => {
    const { exit, out, err } = await run(...args);
    expect({ out, exit }).toEqual({ out: '', exit: 2 });
    expect(err).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`));
    expect(err).not.toContain('13800138000');
  });

  it('lists every kind with examples in both languages', async () => {
    const kinds = JSON.parse((await run('kinds', '--json')).out) as { kind: string; version: string; description: Record<string, string>; variants: unknown[]; examples: unknown[]; rejects: unknown[] }[];
    expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['phone', 'org_name', 'org_id', 'domain', 'iban', 'crypto_address', 'licence_plate', 'voiceprint', 'document_template']));
    for (const { kind, version, description, examples, rejects } of kinds) {
      expect(version).toMatch(new RegExp(`^${kind}@\\d+$`));
      expect(description['zh']).toMatch(/\p{Script=Han}/u);
      expect(examples.length * rejects.length).toBeGreaterThan(0);
    }
    expect((await run('kinds', '--lang', 'zh')).out).toContain('网址、短视频链接或小程序链接');
  });
});

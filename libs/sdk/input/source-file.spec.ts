import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { workbookOf } from '#testing';
import { normaliseRows } from './normalise-file.js';
import { pseudonymKey } from './pseudonym-key.js';
import { CLUES_INPUT, openSourceFile, readRows, type InputOptions, type SourceRow } from './source-file.js';
import { numberText } from './xlsx-reader.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tally-input-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
let files = 0;
const put = (content: string | Uint8Array): string => {
  const file = path.join(folder, `f${String(++files)}`);
  writeFileSync(file, content);
  return file;
};
const VALUES: InputOptions = { ...CLUES_INPUT, purpose: 'values' };
const rowsOf = async (content: string | Uint8Array, options: InputOptions = VALUES): Promise<SourceRow[]> => {
  const rows: SourceRow[] = [];
  const source = await openSourceFile(put(content), options);
  for await (const row of readRows(source)) rows.push(row);
  expect(source.rows).toBe(rows.length);
  return rows;
};
const normalised = async (content: string | Uint8Array, options: InputOptions = VALUES): Promise<string[]> => {
  const rows: string[] = [];
  for await (const { row, kind, forms, reject } of normaliseRows(await openSourceFile(put(content), options))) rows.push(`${String(row)} ${String(kind)} ${reject?.code ?? forms[0]?.canonical ?? ''}`);
  return rows;
};
const failure = async (content: string | Uint8Array, options: InputOptions = VALUES): Promise<{ code?: string; fields?: Record<string, unknown> }> =>
  openSourceFile(put(content), options).then(() => ({}), (error: unknown) => error as { code: string });

const TABLE = '编号,类型,线索值\nA1,手机,138 0013 8000\nA2,公司,衡水駿達翔商業保理有限公司\n';
const READ = ['A1 phone +8613800138000', 'A2 org_name 衡水骏达翔商业保理有限公司'];

describe('text files', () => {
  it.each<[string, string | Uint8Array]>([
    ['UTF-8', TABLE], ['UTF-8 with a byte order mark, CRLF', `\ufeff${TABLE.replaceAll('\n', '\r\n')}`], ['GB18030', iconv.encode(TABLE, 'gb18030')], ['tabs', TABLE.replaceAll(',', '\t')],
    ['semicolons', TABLE.replaceAll(',', ';')], ['UTF-16LE with its mark', iconv.encode(TABLE.replaceAll(',', '\t'), 'utf16-le', { addBOM: true })], ['UTF-16BE with its mark', iconv.encode(TABLE, 'utf16-be', { addBOM: true })],
    ['JSON Lines', '{"编号":"A1","类型":"手机","线索值":"138 0013 8000"}\n\n{"类型":"公司","线索值":"衡水駿達翔商業保理有限公司","编号":"A2","备注":null}'],
  ])('are read alike as %s', async (_, content) => { expect(await normalised(content)).toEqual(READ); });

  it('reads UTF-16 without a mark by its zero bytes', async () => {
    expect(await normalised(iconv.encode('phone\n13800138000\n13800138001\n', 'utf16-le'))).toEqual(['1 phone +8613800138000', '2 phone +8613800138001']);
  });
  it.each<[string, string | Uint8Array, string]>([
    ['half a UTF-16 pair', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('phone\n1\ud800\n', 'utf16le')]), 'encoding'], ['nothing', '', 'empty'], ['zero bytes', Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(9)]), 'binary'],
    ['an old Excel file', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old or encrypted Excel file; save it as .xlsx without a password'], ['broken JSON', '{"value":"1"}\n{"value":\n', 'not JSON Lines'], ['nested JSON', '{"value":{"a":1}}\n', 'nested JSON'],
  ])('refuses %s', async (_, content, reason) => { expect(await failure(content)).toMatchObject({ code: 'FILE_UNREADABLE', fields: { reason } }); });

  it('tells a number that JSON cannot hold from the number it would become', async () => {
    expect(await normalised('{"type":"bank_card","value":6200008154972186388}\n{"type":"phone","value":13800138000}\n')).toEqual(['1 bank_card SCIENTIFIC_NOTATION', '2 phone +8613800138000']);
  });
});

describe('columns', () => {
  it('takes the column that names a kind for the value', async () => {
    expect(await normalised('姓名,联系电话（必填）\n甲,13800138000\n')).toEqual(['1 phone +8613800138000']);
    expect(await normalised('platform,account_raw\ntelegram,kefu_m7oy1op\n')).toEqual(['1 social telegram:kefu_m7oy1op']);
  });
  it('takes --map over its own words', async () => {
    expect(await normalised('value,b\n1,13800138000\n', { ...VALUES, map: { value: 'b' }, kind: 'phone' })).toEqual(['1 phone +8613800138000']);
    expect(await failure('a,b\n1,2\n', { ...VALUES, map: { value: 'c' } })).toMatchObject({ code: 'HEADER_INVALID', fields: { notMapped: ['value'] } });
  });
  it('guesses nothing: two columns for one field, two that could be the value, none', async () => {
    expect(await failure('内容,值\n1,2\n')).toMatchObject({ code: 'HEADER_INVALID', fields: { repeated: 1 } });
    expect(await failure('电话,网址\n1,2\n')).toMatchObject({ code: 'HEADER_INVALID', fields: { valueColumns: 2 } });
    expect(await failure('13800138000\n13800138001\n')).toMatchObject({ code: 'HEADER_INVALID', fields: { missing: ['value'] } });
  });
  it('refuses a column that no field needs when clues are published, unless told to ignore it', async () => {
    const table = 'row,type,value,first_seen,channel,levle\nA1,phone,13800138000,2026-03-01,app,L1\n';
    expect(await failure(table, CLUES_INPUT)).toMatchObject({ code: 'HEADER_INVALID', fields: { unknown: 1 } });
    expect(await rowsOf(table, { ...CLUES_INPUT, ignoreUnknown: true })).toMatchObject([{ line: 2, cells: { value: '13800138000' } }]);
    expect(await failure('编号,手机号,首见时间,渠道\nA1,13800138000,2026-03-01,app\n', CLUES_INPUT)).toEqual({});
  });
  it('gives another reading of a file another id, the plain one that of its bytes', async () => {
    const [plain, again, mapped] = await Promise.all([VALUES, CLUES_INPUT, { ...VALUES, kind: 'phone' }].map(async (options) => (await openSourceFile(put('row,type,value,first_seen,channel\n'), options)).fileId));
    expect(plain).toBe(again);
    expect(mapped).not.toBe(plain);
  });
  it('never prints the hash of an identity number, and still tells equal ones apart from others', async () => {
    const [one, two] = ['ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'ca7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'];
    const rows = await normalised(`id_hash\n${one}\nsha256:${one.toUpperCase()}\n${two}\n`);
    expect(rows.join()).not.toMatch(/a7816bf8/i);
    expect(rows[0]?.slice(2)).toBe(rows[1]?.slice(2));
    expect(rows[0]?.slice(2)).not.toBe(rows[2]?.slice(2));
    expect((await normalised(`id_hash\n${one}\n`))[0]).not.toBe(rows[0]);
  });
  it('keeps the key of pseudonyms to the user, or none', () => {
    const state = path.join(folder, 'state');
    expect(pseudonymKey(state)).toEqual(pseudonymKey(state));
    expect(pseudonymKey(null)).not.toEqual(pseudonymKey(null));
    expect(pseudonymKey('/dev/null/x')).toHaveLength(32);
    chmodSync(path.join(state, 'pseudonym.key'), 0o644);
    expect(pseudonymKey(state)).not.toEqual(pseudonymKey(state));
  });
});

const cell = (reference: string, inner: string, attributes = ''): string => `<c r="${reference}" ${attributes}>${inner}</c>`;
const HEAD = `<row r="1">${cell('A1', '<v>0</v>', 't="s"')}${cell('B1', '<v>1</v>', 't="s"')}${cell('C1', '<is><t>类型</t></is>', 't="inlineStr"')}</row>`;
const row = (number: number, value: string, kind = 'phone'): string => `<row r="${String(number)}">${cell(`A${String(number)}`, `<v>R${String(number)}</v>`, 't="str"')}${value}${cell(`C${String(number)}`, `<is><t>${kind}</t></is>`, 't="inlineStr"')}</row>`;

describe('XLSX', () => {
  it('reads cells as a person sees them', async () => {
    expect(await normalised(workbookOf(HEAD + row(2, cell('B2', '<v>2</v>', 't="s"')) + row(4, cell('B4', '<v>1.3800138001E10</v>')) + row(5, cell('B5', '<v>51265550123</v>', 's="2"')) + row(6, '')))).toEqual([
      'R2 phone +8613800138000', 'R4 phone +8613800138001', 'R5 phone +8651265550123', 'R6 phone EMPTY',
    ]);
  });
  it('refuses a formula, but not a text written as one, and a number that the sheet cut off', async () => {
    expect(await normalised(workbookOf(HEAD + row(2, cell('B2', '<f>A1&amp;"13800138000"</f><v>13800138000</v>', 't="str"')) + row(3, cell('B3', '<f>"13800138003"</f>', 't="str"'))
      + row(4, cell('B4', '<v>6200008154972186388</v>'), 'bank_card') + row(5, cell('B5', '<v>#N/A</v>', 't="e"')) + row(6, cell('B6', '<v>99</v>', 't="s"'))))).toEqual([
      'R2 null FORMULA_CELL', 'R3 phone +8613800138003', 'R4 bank_card SCIENTIFIC_NOTATION', 'R5 phone PLACEHOLDER', 'R6 null CELL_UNREADABLE',
    ]);
  });
  it('reads the sheet that is asked for, hidden or not', async () => {
    expect(await normalised(workbookOf(HEAD), { ...VALUES, sheet: 'hidden' })).toEqual(['1 phone +8613800138009']);
    expect(await normalised(workbookOf(HEAD), { ...VALUES, sheet: '1' })).toEqual(['1 phone +8613800138009']);
    expect(await failure(workbookOf(HEAD), { ...VALUES, sheet: 'none' })).toMatchObject({ code: 'FILE_UNREADABLE', fields: { sheets: 2 } });
  });
  it('reads days as days', () => {
    expect(numberText('46082', { shows: 'date' }, false)).toBe('2026-03-01');
    expect(numberText('44620.75', { shows: 'date' }, true)).toBe('2026-03-01');
    expect(numberText('1.5', { shows: 'number' }, false)).toBe('1.5');
  });
  it('ends a part that unpacks to far more than it holds, and a document with entities', async () => {
    expect(await failure(workbookOf(HEAD, { 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${' '.repeat(40 * 1024 * 1024)}</sheetData></worksheet>` }))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(await failure(workbookOf(HEAD, { 'xl/sharedStrings.xml': '<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>' }))).toMatchObject({ code: 'FILE_UNREADABLE', fields: { reason: 'not XLSX' } });
    expect(await failure(Buffer.from('PK\u0003\u0004 and nothing'))).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

/** Written by pyarrow: row, type, value, first_seen (date32), channel, n (int64); snappy. */
const PARQUET = [
  'UEFSMRUEFSQVKEwVBhUAEgAAEkQCAAAAUDECAAAAUDICAAAAUDMVABUUFRgsFQYVEBUGFQYcNgAoAlAzGAJQMRERAAAACiQCAAAABgECAyQAFQQVLBUwTBUEFQASAAAWVAUAAABwaG9uZQkAAABiYW5rX2NhcmQVABUSFRYsFQYVEBUGFQYc',
  'NgAoBXBob25lGAliYW5rX2NhcmQREQAAAAkgAgAAAAYBAQMEFQQVSBVMTBUEFQASAAAkjA0AAAAxMzggMDAxMyA4MDAwDwAAACs4NiAxMzgwMDEzODAwMRUAFRIVFiwVBhUQFQYVBhw2AigNMTM4IDAwMTMgODAwMBgPKzg2IDEzODAwMTM4',
  'MDAxEREAAAAJIAIAAAADAwEDAhUEFRAVFEwVBBUAEgAACBwhUAAAIlAAABUAFRIVFiwVBhUQFQYVBhwYBCJQAAAYBCFQAAAWAigEIlAAABgEIVAAABERAAAACSACAAAAAwMBAwIVBBUiFSZMFQQVABIAABFABgAAAOeDree6vwMAAABhcHAV',
  'ABUSFRYsFQYVEBUGFQYcNgAoBueDree6vxgDYXBwEREAAAAJIAIAAAAGAQEDBhUEFTAVNEwVBhUAEgAAGFwQZY02AwAAAAIAAAAAAAAAAwAAAAAAAAAVABUUFRgsFQYVEBUGFQYcGAgQZY02AwAAABgIAgAAAAAAAAAWACgIEGWNNgMAAAAY',
  'CAIAAAAAAAAAEREAAAAKJAIAAAAGAQIDJAAVBBl8NQAYBnNjaGVtYRUMABUMJQIYA3JvdyUATBwAAAAVDCUCGAR0eXBlJQBMHAAAABUMJQIYBXZhbHVlJQBMHAAAABUCJQIYCmZpcnN0X3NlZW4lDExsAAAAFQwlAhgHY2hhbm5lbCUATBwA',
  'AAAVBCUCGAFuABYGGRwZbCYAHBUMGTUABhAZGANyb3cVAhYGFpIBFpoBJkwmCBw2ACgCUDMYAlAxEREAGSwVBBUAFQIAFQAVEBUCADwWDBkGGSYABgAAACYAHBUMGTUABhAZGAR0eXBlFQIWBhasARa0ASbuASaiARw2ACgFcGhvbmUYCWJh',
  'bmtfY2FyZBERABksFQQVABUCABUAFRAVAgA8FiYZBhkmAAYAAAAmABwVDBk1AAYQGRgFdmFsdWUVAhYGFuQBFuwBJr4DJtYCHDYCKA0xMzggMDAxMyA4MDAwGA8rODYgMTM4MDAxMzgwMDEREQAZLBUEFQAVAgAVABUQFQIAPBY4GQYZJgIE',
  'AAAAJgAcFQIZNQAGEBkYCmZpcnN0X3NlZW4VAhYGFpwBFqQBJvIEJsIEHBgEIlAAABgEIVAAABYCKAQiUAAAGAQhUAAAEREAGSwVBBUAFQIAFQAVEBUCADwpBhkmAgQAAAAmABwVDBk1AAYQGRgHY2hhbm5lbBUCFgYWmAEWoAEmqAYm5gUc',
  'NgAoBueDree6vxgDYXBwEREAGSwVBBUAFQIAFQAVEBUCADwWGBkGGSYABgAAACYAHBUEGTUABhAZGAFuFQIWBhbeARbmASbWByaGBxwYCBBljTYDAAAAGAgCAAAAAAAAABYAKAgQZY02AwAAABgIAgAAAAAAAAAREQAZLBUEFQAVAgAVABUQ',
  'FQIAPCkGGSYABgAAABa0CBYGJggW5AgAGRwYDEFSUk9XOnNjaGVtYRjsAy8vLy8vMmdCQUFBUUFBQUFBQUFLQUF3QUJnQUZBQWdBQ2dBQUFBQUJCQUFNQUFBQUNBQUlBQUFBQkFBSUFBQUFCQUFBQUFZQUFBQU1BUUFBMEFBQUFLUUFBQUJv',
  'QUFBQVBBQUFBQVFBQUFBYy8vLy9BQUFCQWhBQUFBQWNBQUFBQkFBQUFBQUFBQUFCQUFBQWJnQUFBQWdBREFBSUFBY0FDQUFBQUFBQUFBRkFBQUFBVVAvLy93QUFBUVVRQUFBQUdBQUFBQVFBQUFBQUFBQUFCd0FBQUdOb1lXNXVaV3dBUlAv',
  'Ly8zai8vLzhBQUFFSUVBQUFBQ1FBQUFBRUFBQUFBQUFBQUFvQUFBQm1hWEp6ZEY5elpXVnVBQUFBQUFZQUNBQUdBQVlBQUFBQUFBQUFzUC8vL3dBQUFRVVFBQUFBR0FBQUFBUUFBQUFBQUFBQUJRQUFBSFpoYkhWbEFBQUFwUC8vLzlqLy8v',
  'OEFBQUVGRUFBQUFCZ0FBQUFFQUFBQUFBQUFBQVFBQUFCMGVYQmxBQUFBQU16Ly8vOFFBQlFBQ0FBR0FBY0FEQUFBQUJBQUVBQUFBQUFBQVFVUUFBQUFHQUFBQUFRQUFBQUFBQUFBQXdBQUFISnZkd0FFQUFRQUJBQUFBQUFBQUFBPQAYIHBh',
  'cnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjUuMC4xGWwcAAAcAAAcAAAcAAAcAAAcAAAA2AQAAFBBUjE=',
].join('');

describe('Parquet', () => {
  it('reads texts, dates and integers', async () => {
    expect(await rowsOf(Buffer.from(PARQUET, 'base64'))).toMatchObject([
      { cells: { row: 'P1', value: '138 0013 8000', first_seen: '2026-03-01', channel: '热线' } }, { cells: { row: 'P2', first_seen: '2026-03-02' } }, { cells: { row: 'P3', value: '', first_seen: '' } },
    ]);
    expect(await normalised(Buffer.from(PARQUET, 'base64'), { ...VALUES, map: { value: 'n' } })).toEqual(['P1 phone +8613800138000', 'P2 phone PHONE_TOO_SHORT', 'P3 bank_card CARD_LENGTH_INVALID']);
  });
  it('refuses what only begins like one', async () => {
    expect(await failure(`PAR1${'x'.repeat(64)}PAR1`)).toMatchObject({ code: 'FILE_UNREADABLE', fields: { reason: 'not Parquet' } });
  });
});

/** What has to be known of a workbook before its sheet is read: which sheet, its strings, which number formats are dates. */
import { tooLarge, unreadable } from './input-errors.js';
import { XlsxContainer, type XmlHandlers } from './xlsx-container.js';

/** Texts of a workbook are held in memory while its sheet is read. */
const STRINGS_CHARS_MAX = 64 * 1024 * 1024;
const STRINGS_MAX = 3_000_000;
/** ECMA-376 part 1, 18.8.30: built-in formats that show dates, East Asian ones included. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);

export type CellStyle = { readonly shows: 'date' } | { readonly shows: 'digits'; readonly width: number } | { readonly shows: 'number' };
export interface Workbook {
  readonly sheetPart: string;
  readonly strings: readonly string[];
  readonly styles: readonly CellStyle[];
  readonly date1904: boolean;
}

async function run(container: XlsxContainer, part: string, handlers: Partial<XmlHandlers>): Promise<void> {
  const nothing = (): void => undefined;
  for await (const _ of container.parse(part, { open: nothing, close: nothing, text: nothing, ...handlers })) { /* to the end */ }
}

/** @param sheet name of a sheet, or its number from 1; null: the first that is not hidden. @throws FILE_UNREADABLE, PAYLOAD_TOO_LARGE */
export async function workbookOf(container: XlsxContainer, sheet: string | null, name: string): Promise<Workbook> {
  const sheets: { name: string; id: string; hidden: boolean }[] = [];
  const targets = new Map<string, string>();
  let date1904 = false;
  await run(container, 'xl/workbook.xml', {
    open: (tag, attributes) => {
      if (tag === 'workbookPr') date1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      if (tag === 'sheet') sheets.push({ name: attributes['name'] ?? '', id: attributes['r:id'] ?? '', hidden: (attributes['state'] ?? 'visible') !== 'visible' });
    },
  });
  await run(container, 'xl/_rels/workbook.xml.rels', { open: (tag, { Id = '', Target = '' }) => { if (tag === 'Relationship') targets.set(Id, Target); } });
  const chosen = sheet === null ? sheets.find(({ hidden }) => !hidden) : sheets.find((one) => one.name === sheet) ?? sheets[Number(sheet) - 1];
  const target = targets.get(chosen?.id ?? '');
  if (target === undefined) throw unreadable(name, { reason: 'no such sheet', sheets: sheets.length });
  return {
    sheetPart: target.startsWith('/') ? target.slice(1) : `xl/${target}`,
    strings: container.has('xl/sharedStrings.xml') ? await stringsOf(container, name) : [],
    styles: container.has('xl/styles.xml') ? await stylesOf(container) : [],
    date1904,
  };
}

/** ECMA-376 part 1, 18.4: the runs of one item are one text; phonetic runs (rPh) are readings of it. */
async function stringsOf(container: XlsxContainer, name: string): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = 0;
  let chars = 0;
  await run(container, 'xl/sharedStrings.xml', {
    open: (tag) => {
      if (tag === 'si') current = '';
      else if (tag === 'rPh') phonetic += 1;
      else if (tag === 't') inText = phonetic === 0;
    },
    text: (text) => { if (inText) current += text; },
    close: (tag) => {
      if (tag === 't') inText = false;
      else if (tag === 'rPh') phonetic -= 1;
      else if (tag === 'si') {
        chars += current.length;
        if (chars > STRINGS_CHARS_MAX || strings.length >= STRINGS_MAX) throw tooLarge(name, { reason: 'too much text in one workbook; save it as CSV' });
        strings.push(current);
      }
    },
  });
  return strings;
}

/** 18.8.10 cellXfs, 18.8.30 numFmts. A format of zeros only shows leading zeros that the number itself has not. */
async function stylesOf(container: XlsxContainer): Promise<CellStyle[]> {
  const custom = new Map<number, string>();
  const styles: CellStyle[] = [];
  let inCells = false;
  await run(container, 'xl/styles.xml', {
    open: (tag, attributes) => {
      if (tag === 'numFmt') custom.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (tag === 'cellXfs') inCells = true;
      else if (tag === 'xf' && inCells) styles.push(styleOf(Number(attributes['numFmtId'] ?? 0), custom));
    },
    close: (tag) => { if (tag === 'cellXfs') inCells = false; },
  });
  return styles;
}

function styleOf(format: number, custom: ReadonlyMap<number, string>): CellStyle {
  const code = (custom.get(format) ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  if (DATE_FORMATS.has(format) || /[yd]/i.test(code)) return { shows: 'date' };
  return /^0{2,}$/.test(code) ? { shows: 'digits', width: code.length } : { shows: 'number' };
}

/**
 * Digests of what the normalisers make of much text: every Node version, locale and time zone must give the same. One over invented strings that
 * everybody can make again, one for each kind over the reference data where it is present. The strings hold assigned characters of Unicode 15 only:
 * what a later version assigns, an earlier one cannot fold (docs/indicators.md).
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { detectKind, INDICATOR_KINDS, normalise, normalisers, type IndicatorKind } from '#indicators';
import { normaliseRows, openSourceFile, type ColumnMap } from '#sdk';
import { FILE_CASES } from '../bench/normalise-files.js';

export interface FileToRead {
  readonly file: string;
  readonly map: ColumnMap;
  readonly kind: string | null;
}
const HEX_SHOWN = 24;
const ALPHABETS = [
  '0123456789', '0123456789+-() ./:#xX*', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', '@.:/?&=%#_-~[]{}<>|\\^`"\'!$,;', '０１２３４５６７８９（）＋－：／＠．ＡＢＣａｂｃ',
  '公司有限集团股份责任银行微众科技信息咨询服务北京上海深圳武汉', '電話微信號碼銀行帳戶統一社會信用代碼車牌裡後發臺鉅眾衆', '⼀⼁⽹⻋⻔⺟㈱㍿㊀①②❶➊⓿ﷺﬁ㎏', 'ёжиопрстäöüßøłıİçñéа', 'ابجדהו', 'ｱｲｳﾞﾟアイウ한국은행กขคदेव',
  '\u00a0\u3000\u200b\u200d\u202e\ufeff\u00ad\u2003\t\n', '\u0301\u0308\u0336\u20e3\u3099\u0f71\u0f72', '📱👉💳☎✅', '一二三四五六七八九零〇壹贰叁', '，。、；：！？【】《》「」“”…—·',
].map((letters) => [...letters]);

/** xorshift32: the same on every machine. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Half of them examples with something put in, half letters of one to three alphabets. */
function* inventedStrings(count: number): Generator<readonly [IndicatorKind, string]> {
  const next = chance(0x7a11_5711);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)] as T;
  const letters = (most: number): string => {
    const alphabets = Array.from({ length: 1 + next(3) }, () => pick(ALPHABETS));
    return Array.from({ length: next(most) + 1 }, () => pick(pick(alphabets))).join('');
  };
  for (let i = 0; i < count; i++) {
    const kind = INDICATOR_KINDS[i % INDICATOR_KINDS.length] as IndicatorKind;
    const { raw } = pick(normalisers[kind].examples());
    const at = next(raw.length + 1);
    yield [kind, next(2) === 0 ? letters(40) : raw.slice(0, at) + letters(3) + raw.slice(at)];
  }
}

const told = (hash: Hash): string => hash.digest('hex').slice(0, HEX_SHOWN);

export function digestOfInvented(count: number): string {
  const hash = createHash('sha256');
  for (const [kind, raw] of inventedStrings(count)) {
    const result = normalise(kind, raw);
    hash.update(`${'forms' in result ? JSON.stringify(result.forms) : result.reject.code} ${detectKind(raw) ?? ''}\n`);
  }
  return told(hash);
}

export const ALL_FILES: readonly FileToRead[] = [
  ...FILE_CASES.map(({ file, map = {}, kind = null }) => ({ file, map, kind })), ...['a', 'b', 'c'].map((bank) => ({ file: `scenario/bank-${bank}.csv`, map: {}, kind: null })),
];
/** Without the long ones. */
export const CASE_FILES: readonly FileToRead[] = ALL_FILES.filter(({ file }) => !/^(?:scenario|complaints)/.test(file));

/** File -> digest of its rows' forms and codes; empty where the folder is absent. */
export async function digestsOfFiles(shared: string, files: readonly FileToRead[]): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const { file, map, kind } of existsSync(shared) ? files : []) {
    const source = await openSourceFile(path.join(shared, file), { purpose: 'values', map, kind, ignoreUnknown: true, sheet: null });
    const hash = createHash('sha256');
    for await (const { forms, reject } of normaliseRows(source, new Uint8Array(32))) hash.update(`${reject?.code ?? JSON.stringify(forms)}\n`);
    digests[map.value === undefined ? file : `${file} ${map.value}`] = told(hash);
  }
  return digests;
}

/** Why the agent refuses a row before anything of it leaves: the normalisers' codes, the warning lists' and these. */
import type { RejectCode, WarningCode } from '#indicators';

const ROW_REJECT_TEXTS = {
  COLUMNS_INVALID: ['the row has more or fewer cells than the header', '该行的列数与表头不一致'],
  ROW_NAME_INVALID: ['the row has no name of 1 to 100 characters', '行编号缺失或超过 100 个字符'],
  KIND_UNKNOWN: ['unknown kind of indicator', '未知的线索类型'],
  KIND_NOT_DETECTED: ['nothing names the kind, and the value could be of several or of none', '未注明线索类型，且无法由内容确定'],
  FORMULA_CELL: ['a formula: put its value into the cell', '单元格是公式，请改为数值或文本'],
  CELL_UNREADABLE: ['a cell holds something that is not text, a number or a date', '单元格内容不是文本、数字或日期'],
  DATE_INVALID: ['first_seen is not a date, or lies in the future', 'first_seen 不是有效日期，或晚于当前时间'],
  NOT_RAW: ['a canonical form stands where the text itself is needed', '此处需要原文，不能是已生成的规范形式'],
  TERM_MISSING: ['neither the file nor the profile gives this', '文件与配置档均未给出该项'],
  TERM_UNKNOWN: ['not a word of the taxonomy', '不属于认定代码'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type RowRejectCode = keyof typeof ROW_REJECT_TEXTS | RejectCode | WarningCode;

export interface RowReject {
  readonly line: number;
  readonly row: string;
  /** RowRejectCode, or the hub's code for a row that it refused. */
  readonly code: string;
  /** Never holds the value. */
  readonly reason: string;
  readonly reasonZh: string;
}

export function rowReason(code: keyof typeof ROW_REJECT_TEXTS, detail = ''): { readonly code: string; readonly reason: string; readonly reasonZh: string } {
  const [reason, reasonZh] = ROW_REJECT_TEXTS[code];
  return { code, reason: detail ? `${reason}: ${detail}` : reason, reasonZh: detail ? `${reasonZh}：${detail}` : reasonZh };
}

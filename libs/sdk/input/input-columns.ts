/** The fields of an input row, and the words under which files name their columns. A field's own name always counts. */
import { kindNamed, type IndicatorKind } from '#indicators';

export const REQUIRED_COLUMNS = ['row', 'type', 'value', 'first_seen', 'channel'] as const;
const OPTIONAL_COLUMNS = ['role', 'category', 'means', 'level', 'purpose', 'legal_basis', 'tlp'] as const;
export type Column = (typeof REQUIRED_COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number];
export const COLUMNS: readonly Column[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];

/** Version 2026-11: exports of call-centre and risk systems, Chinese and English. */
const WORDS: Readonly<Record<Column, string>> = {
  row: 'row row_id row_no id record_id case_no complaint_id serial_no no 编号 序号 行号 记录编号 记录号 案件编号 流水号 工单号 工单编号',
  type: 'type kind indicator_type 类型 种类 线索类型 线索种类 指标类型 信息类型',
  value: 'value raw indicator indicator_value content 值 内容 线索 线索值 线索内容 原始值 原始内容 指标 指标值',
  first_seen: 'first_seen firstseen first_seen_at seen_at date created_date 首次发现 首次发现时间 首见时间 首次出现 首次出现时间 发现时间 发现日期 日期 上报日期',
  channel: 'channel source 渠道 来源 来源渠道 途径 发现渠道',
  role: 'role subject_role 角色 主体角色', category: 'category 类别 风险类别 认定类别', means: 'means recognition_means 手段 认定手段', level: 'level confirmation_level 等级 认定等级 确认等级',
  purpose: 'purpose 目的 使用目的 用途', legal_basis: 'legal_basis 法律依据 合法性基础', tlp: 'tlp 传播范围 共享级别',
};
const FIELD_OF = new Map<string, Column>();
for (const [field, words] of Object.entries(WORDS)) for (const word of words.split(' ')) FIELD_OF.set(word, field as Column);

/** Words inside a column's name that say which kind its cells are: `Company_Phone_Number`, 客户手机号码. */
const KIND_INSIDE: readonly (readonly [RegExp, IndicatorKind | 'wechat' | 'qq'])[] = [
  [/电话|手机|座机|(?:^|_)(?:phone|mobile|tel|e164|msisdn)(?:_|$)/, 'phone'], [/(?:公司|企业|机构|商户|单位)(?:名称|全称)|(?:^|_)(?:full_name|company_name|org(?:anisation|anization)?_name)$/, 'org_name'],
  [/网址|链接|(?:^|_)url(?:_|$)/, 'url'], [/域名|(?:^|_)domain(?:_|$)/, 'domain'], [/邮箱|(?:^|_)e?mail(?:_|$)/, 'email'], [/卡号|(?:^|_)card_(?:no|number)$/, 'bank_card'],
  [/微信/, 'wechat'], [/(?:^|_)qq(?:_|号|$)/, 'qq'], [/投诉(?:内容|正文|描述)|(?:^|_)(?:narrative|complaint_text)$|^text$|^正文$/, 'complaint_text'], [/(?:^|_)sha256(?:_|$)/, 'id_hash'], [/信用代码/, 'org_id'],
  [/短名|简称|^short_name$/, 'org_name'],
];

export interface ColumnMeaning {
  readonly field: Column | null;
  /** The column's name says which kind its cells are, and this well: 2 names the kind, 1 holds a word of it. */
  readonly kind: string | null;
  readonly certainty: 0 | 1 | 2;
}

/** `电话（必填）` and `Phone Number *` are their words without the remark. */
function plainName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase().replace(/[([【][^)\]】]*[)\]】]/gu, '').replace(/[*:"'“”]/gu, '').trim().replace(/[\s.-]+/g, '_');
}

export function meaningOf(name: string): ColumnMeaning {
  const plain = plainName(name);
  const field = FIELD_OF.get(plain) ?? (/(?:^raw_|_raw$|^原始)/.test(plain) ? 'value' : /^(?:platform|平台|平台名称)$/.test(plain) ? 'type' : null);
  if (field !== null) return { field, kind: null, certainty: 0 };
  if (kindNamed(plain) !== null) return { field: null, kind: plain, certainty: 2 };
  const kind = KIND_INSIDE.find(([word]) => word.test(plain))?.[1] ?? null;
  return { field: null, kind, certainty: kind === null ? 0 : 1 };
}

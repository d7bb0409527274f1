/** Rows that overlap with nothing: complaint texts made from templates, and junk that must never become a token. */
import type { SeededRandom } from './random.js';

export interface Complaint {
  readonly template: string;
  readonly noise: 'params_only' | 'sentence_dropped';
}

/** Sentences of a template; the first is never dropped. {n} are amounts, {d} a day. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  guarantee_fee: ['本人于{d}在某银行信用卡借款{n}元，其中包含担保费{n}元。', '合同中没有说明担保费，客服称由第三方公司收取。', '要求退还全部担保费{n}元并出具结清证明。'],
  limit_fee: ['{d}在某分期平台申请额度时被要求购买{n}元权益卡。', '购买后额度并未提高，客服拒绝退款。', '要求退还权益卡费用{n}元。'],
  refund_scam: ['{d}有人自称某分期平台客服，说我开通了会员，每月自动扣{n}元。', '对方让我下载会议软件共享屏幕。', '诱导转账{n}元，发现被骗后已报警，望协助核查。'],
  identity_theft: ['本人在{d}发现名下多了一笔{n}元贷款，本人从未申请。', '系统显示申请设备不是本人的手机。', '请冻结并撤销该贷款，恢复征信记录。'],
  collection: ['{d}催收人员多次拨打我家人电话，欠款仅{n}元。', '威胁要上门并把我的信息发到单位群里。', '要求停止骚扰并协商还款方案。'],
  proxy_agent: ['{d}接到电话说可以代办停息挂账、征信修复，收费{n}元。', '付款后对方失联。', '请核查该机构并退还费用。'],
};
export const COMPLAINT_TEMPLATES = Object.keys(TEMPLATES);

export function complaintText(complaint: Complaint, random: SeededRandom): string {
  const sentences = [...(TEMPLATES[complaint.template] ?? [])];
  if (complaint.noise === 'sentence_dropped') sentences.splice(random.between(1, sentences.length - 1), 1);
  return random.pick(['', '投诉：', '您好，']) + sentences.join('')
    .replaceAll('{d}', () => `2026年${String(random.between(1, 9))}月${String(random.between(1, 28))}日`)
    .replaceAll('{n}', () => String(random.between(300, 69000))) + random.pick(['', '望尽快处理，谢谢！']);
}

export const JUNK: readonly { readonly type: string; readonly values: readonly string[] }[] = [
  { type: 'phone', values: ['', '-', 'N/A', '无', '未知', '匿名号码', 'unknown', 'Private Number', '123', '+86', '00000000000', '10000000000', '1.38001E+10', '138****8000', '139XXXX5678'] },
  { type: 'device_id', values: ['unknown', 'null', '000000000000000', '0000000000000000', '00000000-0000-0000-0000-000000000000', 'ffffffffffffffff', '02:00:00:00:00:00', '9774d56d682e549c', '012345678912345'] },
];

/**
 * Complaint texts are compared by similarity (docs/complaint-texts.md). The exact form names the wording without names and figures, so
 * that a member's own repetitions are one clue; it never meets another member's. What meets are the bands.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { TEXT_READ_MAX, textBandsOf } from '../texts/index.js';

const CANONICAL = /^text:[0-9a-f]{64}$/;

function normaliseText(text: string): NormaliseResult {
  // The canonical form of a text is its own; there is nothing left to make bands of.
  if (CANONICAL.test(text)) return { forms: [exactForm('complaint_text', text)], bands: [] };
  const found = textBandsOf(text);
  return found === null ? rejection('TEXT_TOO_SHORT') : { forms: [exactForm('complaint_text', `text:${found.wording}`)], bands: found.bands };
}

export const complaintTextNormaliser: Normaliser = screened({
  kind: 'complaint_text',
  version: 3,
  description: {
    en: 'text of a complaint, compared by similarity of its redacted wording',
    zh: '投诉文本，脱敏后按措辞相似度比对',
  },
  entropy: 'high',
  weakForms: [],
  maxLength: 32_000,
  readMax: 2 * TEXT_READ_MAX, // plain text is shorter than raw text as a rule
  examples: () => [
    {
      raw: '2026年4月18日在某消费金融平台申请额度时被要求购买762元权益卡，不购买就无法放款，扣款商户显示武威汇瑞信息科技有限公司，要求退还权益卡费用762元。',
      canonical: 'text:d3d7e3469ec84305f5c0482b8a9d5ecc1f6e717efc87a76b29ab69ed1e021042',
    },
  ],
  rejects: () => [{ raw: '', code: 'EMPTY' }, { raw: '无', code: 'PLACEHOLDER' }, { raw: '要求退还权益卡费用4004元，望尽快处理，谢谢！', code: 'TEXT_TOO_SHORT' }],
}, normaliseText);

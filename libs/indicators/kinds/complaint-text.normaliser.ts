/** Complaint texts are accepted and stay in the agent's vault: comparing them takes similarity, not equality. */
import type { Normaliser } from '../normaliser.js';
import { screened } from '../screen.js';

export const complaintTextNormaliser: Normaliser = screened({
  kind: 'complaint_text',
  version: 1,
  description: {
    en: 'text of a complaint',
    zh: '投诉文本',
  },
  entropy: 'high',
  weakForms: [],
  maxLength: 100_000,
  examples: () => [{ raw: '要求退还权益卡费用4004元。', canonical: null }],
  rejects: () => [{ raw: '', code: 'EMPTY' }, { raw: '无', code: 'PLACEHOLDER' }],
}, () => ({
  local: { code: 'NOT_MATCHED_YET', notice: 'kept local: complaint texts are not matched yet', noticeZh: '仅保存在本地：投诉文本暂不参与比对' },
}));

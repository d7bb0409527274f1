import type { Bilingual } from './taxonomy.js';
import type { CategoryCode } from './taxonomy-categories.js';

/** Pieces of evidence a publisher declares to hold. The hub never sees them; a contribution to a case carries them sealed. */
export const PROOF_FIELDS = {
  COMPLAINT_RECORD: { zh: '投诉记录', en: 'record of the complaint' },
  CALL_RECORDING: { zh: '通话录音', en: 'call recording' },
  CONSUMER_STATEMENT: { zh: '消费者陈述', en: "the consumer's own statement" },
  PROXY_AGREEMENT: { zh: '代理协议或收费凭证', en: 'proxy agreement or proof of fee' },
  CHAT_RECORD: { zh: '聊天记录', en: 'chat record' },
  DOCUMENT_EXAMINATION: { zh: '材料核验结论', en: 'result of examining the document' },
  CONTACT_ATTEMPTS: { zh: '联系消费者记录', en: 'record of attempts to reach the consumer' },
  TEXT_COMPARISON: { zh: '文本比对结果', en: 'comparison of texts' },
  WEB_CAPTURE: { zh: '网页或应用取证', en: 'capture of the page or app' },
  TRANSACTION_RECORD: { zh: '交易流水', en: 'transaction record' },
  DEVICE_LOG: { zh: '设备与登录日志', en: 'device and login log' },
  BRAND_OWNER_STATEMENT: { zh: '权利人声明', en: "the brand owner's statement" },
  AUTHORITY_DOCUMENT: { zh: '机关文书', en: 'document of an authority' },
} as const satisfies Record<string, Bilingual>;
export type ProofField = keyof typeof PROOF_FIELDS;

export interface Means extends Bilingual {
  /** Categories it can support; null = every shareable category that is not guarded. */
  readonly categories: readonly CategoryCode[] | null;
  /** All of these must be declared for level L3. */
  readonly evidence: readonly ProofField[];
  /** When the means may be called recognised. */
  readonly rule: Bilingual;
}

const COMPLAINT_TRADE = ['MALICIOUS_COMPLAINT', 'PROXY_RIGHTS_PROTECTION', 'ANTI_COLLECTION_ALLIANCE', 'DEBT_EVASION', 'CREDIT_REPAIR'] as const;
const IMPERSONATION = ['FAKE_CUSTOMER_SERVICE', 'BRAND_IMPERSONATION', 'PHISHING', 'TELECOM_FRAUD', 'TROJAN', 'LURING_CONTENT', 'ILLEGAL_STOCK_TIPS', 'GAMBLING'] as const;

export const MEANS = {
  ILLEGAL_PROXY_IN_CONSUMER_NAME: {
    zh: '以消费者名义非法代理', en: "illegal proxy in the consumer's name", categories: COMPLAINT_TRADE, evidence: ['COMPLAINT_RECORD', 'CALL_RECORDING'],
    rule: { zh: '声纹、号码或自认表明来电者并非消费者本人且无合法授权', en: 'voice, number or admission shows that the caller is not the consumer and has no lawful mandate' },
  },
  AGENT_ACCOMPANIES: {
    zh: '代理人陪同', en: 'agent accompanies', categories: COMPLAINT_TRADE, evidence: ['COMPLAINT_RECORD', 'CALL_RECORDING'],
    rule: { zh: '代理人到场或在线指挥，并以此收费或多次出现于不同消费者', en: 'an agent attends or prompts, for a fee or with several unrelated consumers' },
  },
  REPEATED_COMPLAINTS_ON_INSTRUCTION: {
    zh: '受指使重复、骚扰式投诉', en: 'repeated or harassing complaints on instruction', categories: COMPLAINT_TRADE, evidence: ['COMPLAINT_RECORD', 'CHAT_RECORD'],
    rule: { zh: '三次以上重复投诉，且有受他人指使的证据；重复本身不构成', en: 'three or more repeats and proof of instruction; repetition alone does not count' },
  },
  FALSE_EVIDENCE_CONSUMER_REFUSES_CONTACT: {
    zh: '提交虚假证据且消费者拒绝联系', en: 'false evidence while the consumer refuses contact', categories: [...COMPLAINT_TRADE, 'FORGED_DOCUMENTS'], evidence: ['DOCUMENT_EXAMINATION', 'CONTACT_ATTEMPTS'],
    rule: { zh: '材料经出具方核实为假，且三次联系消费者本人未果', en: 'the issuer denies the document and three attempts to reach the consumer failed' },
  },
  TEMPLATE_TEXT_ACROSS_CONSUMERS: {
    zh: '多名消费者使用同一模板', en: 'one template used by several consumers', categories: COMPLAINT_TRADE, evidence: ['TEXT_COMPARISON', 'COMPLAINT_RECORD'],
    rule: { zh: '五名以上无关联消费者的文本实质相同，且非公开范本', en: 'text of five or more unrelated consumers is in substance the same and is not a public model' },
  },
  FEE_FOR_PROXY: {
    zh: '收取代理费用', en: 'fee charged for acting', categories: [...COMPLAINT_TRADE, 'ILLEGAL_LOAN_INTERMEDIARY', 'FALSE_LITIGATION'], evidence: ['PROXY_AGREEMENT', 'CONSUMER_STATEMENT'],
    rule: { zh: '有协议、转账或消费者陈述证明收费', en: 'agreement, transfer or the consumer proves the fee' },
  },
  COACHING_MATERIAL: {
    zh: '教唆话术或教程', en: 'coaching script or course', categories: [...COMPLAINT_TRADE, 'PROMOTION_ABUSE', 'LURING_CONTENT'], evidence: ['CHAT_RECORD', 'WEB_CAPTURE'],
    rule: { zh: '取得的话术指导伪造、骚扰或逃债', en: 'the material obtained teaches forging, harassing or evading' },
  },
  SOLICITATION_RECORDED: {
    zh: '招揽行为有记录', en: 'recorded solicitation', categories: null, evidence: ['CALL_RECORDING', 'CONSUMER_STATEMENT'],
    rule: { zh: '电话、短信或广告招揽的原始记录', en: 'original record of a call, message or advertisement that solicits' },
  },
  VICTIM_REPORT: {
    zh: '受害人陈述并留痕', en: 'report by a victim, on record', categories: null, evidence: ['CONSUMER_STATEMENT', 'TRANSACTION_RECORD'],
    rule: { zh: '受害人实名陈述，并有一项客观记录印证', en: 'a named victim reports and one objective record agrees' },
  },
  FORGERY_VERIFIED: {
    zh: '伪造经核验', en: 'forgery verified with the issuer', categories: ['FORGED_DOCUMENTS', 'FALSE_LITIGATION', 'ILLEGAL_LOAN_INTERMEDIARY', 'CREDIT_REPAIR', 'DEBT_EVASION'], evidence: ['DOCUMENT_EXAMINATION'],
    rule: { zh: '出具方书面否认', en: 'the issuer denies it in writing' },
  },
  IMPERSONATION_CONFIRMED: {
    zh: '权利人确认被冒用', en: 'impersonation confirmed by the one impersonated', categories: IMPERSONATION, evidence: ['BRAND_OWNER_STATEMENT', 'WEB_CAPTURE'],
    rule: { zh: '被冒用机构确认非其号码、网址或账号', en: 'the institution confirms that number, address or account is not its own' },
  },
  MALICIOUS_CONTENT_CAPTURED: {
    zh: '恶意内容取证', en: 'malicious content captured', categories: [...IMPERSONATION, 'DATA_THEFT', 'EXTORTION'], evidence: ['WEB_CAPTURE'],
    rule: { zh: '网页、应用或文件经分析确有恶意功能', en: 'analysis of page, app or file shows the malicious function' },
  },
  FUNDS_TRACED: {
    zh: '资金链追踪', en: 'funds traced', categories: null, evidence: ['TRANSACTION_RECORD'],
    rule: { zh: '受害资金直接流入该账户或其下一层', en: "a victim's money reached the account directly or at one remove" },
  },
  DEVICE_CLUSTER: {
    zh: '设备聚集', en: 'cluster on one device', categories: ['PROMOTION_ABUSE', 'MONEY_MULES', 'ILLEGAL_LOAN_INTERMEDIARY', 'TELECOM_FRAUD', 'DATA_THEFT'], evidence: ['DEVICE_LOG'],
    rule: { zh: '同一设备操作五个以上无关联账户', en: 'one device operates five or more unrelated accounts' },
  },
  AUTHORITY_NOTICE: {
    zh: '机关通报', en: 'notice of an authority', categories: null, evidence: ['AUTHORITY_DOCUMENT'],
    rule: { zh: '公安、检察、法院或监管书面通报', en: 'written notice of police, prosecutor, court or regulator' },
  },
} as const satisfies Record<string, Means>;
export type MeansCode = keyof typeof MEANS;
export const MEANS_CODES = Object.keys(MEANS) as MeansCode[];

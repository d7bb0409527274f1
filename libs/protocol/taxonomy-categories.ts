import type { Bilingual } from './taxonomy.js';

export interface Category extends Bilingual {
  /** false: may be recorded at a member, never leaves it (CATEGORY_NOT_SHAREABLE). */
  readonly shareable: boolean;
  /** Telecom or online fraud in the sense of the Anti-Telecom and Online Fraud Law, art. 2: that law may be cited. */
  readonly onlineFraud: boolean;
  /** Refused without a recognised means of this category and a subject in the role AGENT: protects lawful complainants. */
  readonly guarded: boolean;
}

const category = (zh: string, en: string, more: Partial<Pick<Category, 'shareable' | 'onlineFraud' | 'guarded'>> = {}): Category =>
  ({ zh, en, shareable: true, onlineFraud: false, guarded: false, ...more });

export const CATEGORIES = {
  PROXY_RIGHTS_PROTECTION: category('非法代理维权', 'proxy rights protection'),
  ANTI_COLLECTION_ALLIANCE: category('反催收联盟', 'anti-collection alliance'),
  PROMOTION_ABUSE: category('薅羊毛', 'promotion abuse'),
  MALICIOUS_COMPLAINT: category('恶意投诉', 'malicious complaint', { guarded: true }),
  ILLEGAL_LOAN_INTERMEDIARY: category('非法贷款中介', 'illegal loan intermediary'),
  CREDIT_REPAIR: category('征信修复骗局', 'credit repair'),
  DEBT_EVASION: category('恶意逃废债', 'debt evasion'),
  FAKE_CUSTOMER_SERVICE: category('假冒客服', 'fake customer service', { onlineFraud: true }),
  BRAND_IMPERSONATION: category('仿冒品牌', 'brand impersonation', { onlineFraud: true }),
  ILLEGAL_STOCK_TIPS: category('非法荐股', 'illegal stock tips'),
  TELECOM_FRAUD: category('电信网络诈骗', 'telecom and online fraud', { onlineFraud: true }),
  PHISHING: category('网络钓鱼', 'phishing', { onlineFraud: true }),
  TROJAN: category('木马程序', 'trojan', { onlineFraud: true }),
  EXTORTION: category('敲诈勒索', 'extortion'),
  FORGED_DOCUMENTS: category('伪造证明材料', 'forged documents'),
  FALSE_LITIGATION: category('虚假诉讼', 'false litigation'),
  DATA_THEFT: category('窃取数据', 'data theft'),
  MONEY_MULES: category('跑分洗钱', 'money mules', { onlineFraud: true }),
  GAMBLING: category('网络赌博', 'gambling'),
  LURING_CONTENT: category('引流内容', 'luring content'),
  INDIVIDUAL_NOT_GREY_INDUSTRY: category('个人行为，非黑灰产', 'individual, not grey industry', { shareable: false }),
} as const satisfies Record<string, Category>;
export type CategoryCode = keyof typeof CATEGORIES;
export const CATEGORY_CODES = Object.keys(CATEGORIES) as CategoryCode[];

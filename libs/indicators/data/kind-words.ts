/**
 * Words that people and systems use for a kind, in a type column or on a command line: the kind's own name, Chinese and English words, names
 * of sub-kinds (idfa, wechat, cn_mobile). Version 2026-11. A sub-kind may bring a label that is put before a value which does not name it itself.
 */
import type { IndicatorKind } from '../normaliser.js';

export interface KindWord {
  readonly kind: IndicatorKind;
  /** Tried before the bare value: `imei:` tells 14 digits from a number of something else. */
  readonly label: string;
}

const WORDS: Readonly<Record<IndicatorKind, string>> = {
  phone: 'phone tel telephone mobile cellphone cell landline fixed_line fixed_line_or_mobile toll_free premium_rate shared_cost voip pager uan voicemail personal_number '
    + 'hotline service_number msisdn phone_number mobile_number cn_mobile cn_land cn_landline cn_fixed cn_400 cn_800 cn_short cn_95 cn_95_long cn_service intl international '
    + '电话 电话号码 手机 手机号 手机号码 固话 固定电话 座机 号码 来电号码 主叫号码 联系电话 联系方式 客服电话 热线',
  org_name: 'org org_name organisation organization company company_name full_name agency agency_name merchant business name 公司 公司名称 机构 机构名称 企业 企业名称 单位 单位名称 商户 商户名称 中介 名称',
  org_id: 'org_id uscc usci credit_code company_id registration_number tax_id 统一社会信用代码 社会信用代码 信用代码 税号 纳税人识别号',
  device_id: 'device device_id fingerprint device_fingerprint browser_fingerprint fpjs fpjs_oss fpjs_pro idfa idfv gaid aaid adid oaid oaid_uuid oaid_64 vaid uuid utdid mac_address 设备 设备号 设备标识 设备指纹 指纹',
  url: 'url uri link website web_address 网址 链接 网站 网页',
  domain: 'domain domain_name host hostname fqdn 域名 主机名',
  email: 'email e-mail mail email_address mailbox 邮箱 电子邮箱 电子邮件 邮件',
  social: 'social social_account account_name im 社交账号 社交账户 账号 社交',
  bank_card: 'bank_card bankcard card card_number pan unionpay unionpay16 unionpay19 debit_card credit_card bank_account 银行卡 银行卡号 卡号 银行账号 银行账户',
  iban: 'iban 国际银行账号',
  crypto_address: 'crypto crypto_address wallet wallet_address btc bitcoin ltc doge eth ethereum usdt trc20 erc20 tron trx 钱包 钱包地址 虚拟币地址 虚拟货币地址',
  licence_plate: 'licence_plate license_plate plate plate_number 车牌 车牌号 车牌号码 号牌',
  id_hash: 'id_hash idhash id_sha256 sha256 sha256_hex 证件哈希 证件号哈希 身份证哈希 证件号摘要',
  voiceprint: 'voiceprint voiceprint_cluster voice 声纹 声纹簇 声纹聚类',
  document_template: 'document_template doc_template 伪造模板 材料模板',
  complaint_text: 'complaint_text complaint narrative complaint_narrative 投诉 投诉内容 投诉文本 投诉正文',
};

/** Sub-kinds whose name has to stand before a value that does not say it itself. */
const LABELLED: Readonly<Record<string, readonly [kind: IndicatorKind, label: string]>> = {
  imei: ['device_id', 'imei:'], imeisv: ['device_id', 'imeisv:'], meid: ['device_id', 'meid:'], mac: ['device_id', 'mac:'], android_id: ['device_id', 'android_id:'],
  wechat: ['social', '微信:'], weixin: ['social', '微信:'], 微信: ['social', '微信:'], 微信号: ['social', '微信:'], 公众号: ['social', '公众号:'], qq: ['social', 'qq:'], qq号: ['social', 'qq:'],
  telegram: ['social', 'telegram:'], whatsapp: ['social', 'whatsapp:'], douyin: ['social', '抖音:'], 抖音: ['social', '抖音:'], 抖音号: ['social', '抖音:'], kuaishou: ['social', '快手:'], 快手: ['social', '快手:'],
  xiaohongshu: ['social', '小红书:'], 小红书: ['social', '小红书:'], bilibili: ['social', 'b站:'], weibo: ['social', '微博:'], 微博: ['social', '微博:'], alipay: ['social', '支付宝:'], 支付宝: ['social', '支付宝:'],
  alipay_uid: ['social', '支付宝uid:'], facebook: ['social', 'facebook:'], instagram: ['social', 'instagram:'], twitter: ['social', 'twitter:'], line: ['social', 'line:'],
};

const BY_WORD = new Map<string, KindWord>();
for (const [kind, words] of Object.entries(WORDS)) for (const word of words.split(' ')) BY_WORD.set(word, { kind: kind as IndicatorKind, label: '' });
for (const [word, [kind, label]] of Object.entries(LABELLED)) BY_WORD.set(word, { kind, label });

/** Null for a word that names no kind. Case, blanks and dashes do not matter. */
export function kindNamed(word: string): KindWord | null {
  return BY_WORD.get(word.normalize('NFKC').trim().toLowerCase().replace(/[\s-]+/g, '_')) ?? BY_WORD.get(word.trim().toLowerCase()) ?? null;
}

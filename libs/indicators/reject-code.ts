/** Why a raw value never becomes a token. One closed union; texts for people in English and Chinese. */
export const REJECT_TEXTS = {
  EMPTY: ['the cell is empty', '内容为空'],
  PLACEHOLDER: ['a placeholder such as "unknown" or "N/A" stands where a value should be', '是“未知”“无”之类的占位内容，没有实际值'],
  TOO_LONG: ['longer than any value of this kind', '长度超过该类线索的上限'],
  MALFORMED_TEXT: ['contains broken characters (an unpaired surrogate or control character)', '含有损坏的字符'],
  MASKED: ['part of it is masked; a masked value stands for many', '含有打码字符，无法确定唯一值'],
  SCIENTIFIC_NOTATION: ['a spreadsheet turned the number into scientific notation and lost digits', '被表格软件转成科学计数法，位数已丢失'],
  SEVERAL_VALUES: ['more than one value in one cell', '一个单元格里有多个值'],
  JUNK_VALUE: ['a well-known default shared by many people or devices', '是众所周知的默认值或无效值，不代表任何一方'],
  CHECK_DIGIT_INVALID: ['the check digit does not fit; a digit is wrong or missing', '校验位不符，可能有错位或漏位'],
  PHONE_NOT_NUMERIC: ['not a telephone number', '不是电话号码'],
  PHONE_TOO_SHORT: ['too few digits for a telephone number', '电话号码位数不足'],
  PHONE_NOT_ASSIGNABLE: ['no numbering plan has a number of this shape', '不符合任何电话号码规则'],
  PHONE_COUNTRY_MISSING: ['grouped like a North American number, which a Chinese mobile number could be read from; write the country code', '书写格式像北美号码，又可能被读成国内手机号，请补上国家代码'],
  PHONE_AREA_CODE_MISSING: ['a landline without its area code', '固定电话缺少区号'],
  PHONE_AREA_CODE_UNKNOWN: ['this area code does not exist', '区号不存在'],
  PHONE_LENGTH_INVALID: ['the number of digits does not fit this area code or prefix', '号码位数与区号或号段不符'],
  NAME_TOO_SHORT: ['too short to name one organisation', '名称过短，无法确定机构'],
  NAME_GENERIC: ['a legal form or generic word, not the name of one organisation', '只有组织形式等通用词，没有机构名称'],
  NAME_NOT_TEXT: ['contains no letters', '不含文字'],
  DEVICE_FORM_UNKNOWN: ['not the shape of a known device identifier', '不是已知的设备标识格式'],
  TEXT_TOO_SHORT: ['too little wording to compare once names, figures and set phrases are taken out', '去除姓名、数字和套话后，可比对的文字过少'],
  URL_INVALID: ['not a web address', '不是有效的网址'],
  URL_SCHEME_UNSUPPORTED: ['only http and https addresses are compared', '仅支持 http 和 https 网址'],
  DOMAIN_INVALID: ['not a domain or host name', '不是有效的域名'],
  DOMAIN_IS_SUFFIX: ['a public suffix under which many register; it names nobody', '是公共后缀，不属于任何一方'],
  HOST_NOT_PUBLIC: ['a host that only exists inside one network', '主机名仅在内部网络中有效'],
  EMAIL_INVALID: ['not an e-mail address', '不是有效的电子邮箱'],
  PLATFORM_MISSING: ['the platform of the account is not named', '未注明账号所属平台'],
  ACCOUNT_INVALID: ['not an account name of this platform', '不符合该平台的账号规则'],
  CARD_NOT_NUMERIC: ['not a card number', '不是银行卡号'],
  CARD_LENGTH_INVALID: ['a card number has 12 to 19 digits', '银行卡号应为 12 至 19 位'],
  CARD_ISSUER_UNKNOWN: ['no issuer of payment cards has numbers that begin so', '没有发卡机构使用该号段'],
  IBAN_INVALID: ['not the shape of an IBAN of this country', '不符合该国 IBAN 的格式'],
  IBAN_COUNTRY_UNKNOWN: ['no country with this code has IBANs', '该国家代码没有 IBAN'],
  ORG_ID_INVALID: ['not a unified social credit code of 18 characters', '不是 18 位统一社会信用代码'],
  CRYPTO_ADDRESS_INVALID: ['not an address of a known crypto-currency', '不是已知的虚拟货币地址'],
  CRYPTO_TEST_NETWORK: ['an address of a network for tests', '属于测试网络的地址'],
  PLATE_INVALID: ['not a number plate of mainland China', '不符合中国大陆号牌规则'],
  ENGINE_MISSING: ['the engine that made the token is not named', '未注明生成该标识的引擎'],
  OPAQUE_TOKEN_INVALID: ['not engine:token with 32 to 128 hexadecimal digits', '不是“引擎:标识”格式（32 至 128 位十六进制）'],
  HASH_NOT_HEX: ['not the hexadecimal text of a hash', '不是十六进制哈希值'],
  HASH_LENGTH_INVALID: ['a hash of 32 bytes has 64 hexadecimal digits', '哈希值应为 64 位十六进制（32 字节）'],
  HASH_ALGORITHM_UNSUPPORTED: ['only SHA-256 hashes are compared', '仅支持 SHA-256 哈希'],
  RAW_ID_REFUSED: ['a raw identity number; hash it under your own rules first, it is never hashed here', '这是明文证件号码，请先按本机构规则哈希，本系统不代为计算'],
} as const satisfies Record<string, readonly [en: string, zh: string]>;

export type RejectCode = keyof typeof REJECT_TEXTS;
export const REJECT_CODES = Object.keys(REJECT_TEXTS) as readonly RejectCode[];

export interface Rejection {
  readonly code: RejectCode;
  readonly reason: string;
  readonly reasonZh: string;
}

/** The text never holds the value itself, so it may be shown, written to a rejects file and logged. */
export function rejection(code: RejectCode): { readonly reject: Rejection } {
  const [reason, reasonZh] = REJECT_TEXTS[code];
  return { reject: { code, reason, reasonZh } };
}

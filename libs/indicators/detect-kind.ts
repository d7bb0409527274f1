/**
 * Which kind a value is of, where a file does not say. By what the value shows: a label, a scheme, a check digit, a shape that only one kind has.
 * What two kinds could be (64 hexadecimal digits: the hash of an identity number, or an OAID) is never guessed: the kind of a clue decides what
 * it accuses of. The order is from the most telling shape to the least.
 */
import { deviceIdNormaliser } from './kinds/device-id.normaliser.js';
import { emailNormaliser } from './kinds/email.normaliser.js';
import { cryptoAddressNormaliser } from './kinds/crypto-address.normaliser.js';
import { ibanNormaliser } from './kinds/iban.normaliser.js';
import { licencePlateNormaliser } from './kinds/licence-plate.normaliser.js';
import { orgIdNormaliser } from './kinds/org-id.normaliser.js';
import { phoneNormaliser } from './kinds/phone.normaliser.js';
import { socialNormaliser } from './kinds/social.normaliser.js';
import { IBAN_LENGTHS } from './data/iban-countries.js';
import type { IndicatorKind, Normaliser } from './normaliser.js';
import { isResidentId } from './text/resident-id.js';
import { hasPiledMarks, isPlaceholder, luhnValid, plainDashes, plainText } from './text/plain-text.js';
import { refanged } from './text/refang.js';
import { bareValue } from './text/wrapping.js';
import { asciiDigits } from './text/written-digits.js';

const accepts = (normaliser: Normaliser, text: string): boolean => 'forms' in normaliser.normalise(text);
/** Two clauses of Chinese, or a dozen words of something else: a text, not a name. */
const CLAUSES = /\p{Script=Han}[^,，。;；!！?？]{3,}[,，。;；!！?？].{4,}[,，。;；!！?？]|\p{Script=Han}{6}[^,，。]*[,，].*。$|\p{Script=Han}{8}.*(?<!公司|银行|集团)[。！!]$/u;
const A_DOZEN_WORDS = /^(?:\S+\s+){11}/u;
const ADDRESS = /^(?:h(?:tt|xx|\*\*)ps?(?::|\[)|weixin:\/\/|alipays?:\/\/|#小程序:\/\/)/iu;

/** A word before the value that names its kind. */
const LABELS: readonly (readonly [RegExp, IndicatorKind])[] = [
  [/^(?:统一社会信用代码|社会信用代码|信用代码|税号|纳税人识别号|uscc)\s?[:=]?/iu, 'org_id'],
  [/^(?:公司|企业|单位|机构|商户|中介)?(?:全称|名称)\s?[:=]/u, 'org_name'],
  [/^(?:卡号|银行卡号?|银行账号|card(?: ?no\.?| ?number)?)\s?[:=]?\s?\d/iu, 'bank_card'],
  [/^(?:imei|imeisv|meid|idfa|idfv|gaid|aaid|oaid|vaid|android[ _-]?id|mac(?:[ _-]?addr(?:ess)?)?|设备(?:号|指纹|标识|编号|id)|fpjs|(?:device|visitor)[ _-]?id)\s?[:= ]/iu, 'device_id'],
  [/^(?:(?:id[ _-]?hash|hash|哈希值?)\s?[:=]\s?)?sha-?256\s?[:=]/iu, 'id_hash'],
  [/^(?:车牌(?:号码?)?|号牌|plate)\s?[:=]?\s?\p{Script=Han}[a-z]/iu, 'licence_plate'],
  [/^(?:声纹|voice ?print|vp)[^:=]{0,6}[:=]/iu, 'voiceprint'],
  [/^[^:=]{0,8}模板[^:=]{0,4}[:=]|^(?:doc(?:ument)? ?)?template\s?[:=]/iu, 'document_template'],
  [/^(?:bitcoin|litecoin|dogecoin|ethereum|tron):\w{20,}/iu, 'crypto_address'],
  [/^(?:btc|bitcoin|eth|usdt|trc-?20|erc-?20|tron|wallet|钱包)[^:]{0,12}[: ]\s?\w{20,}/iu, 'crypto_address'],
  [/^iban\b/iu, 'iban'],
  [/^(?:域名|domain(?: ?name)?)\s?[:=]/iu, 'domain'],
  [/^(?:邮箱|电子邮[箱件]|e-?mail|mailto)[^:=]{0,4}[:=]/iu, 'email'],
  [/^(?:网址|链接|网站|url)\s?[:=]/iu, 'url'],
  [/^(?!.*@)(?:tel|phone|mobile|电话|手机|座机|固话|来电|主叫|客服(?:热线|电话)?|热线|联系(?:电话|方式))[^\d+(]{0,10}[+(\d]/iu, 'phone'],
  [/^投诉(?:内容|文本|正文)?\s?[:=]/u, 'complaint_text'],
];

function bySymbols(text: string): IndicatorKind | null {
  if (ADDRESS.test(text)) return accepts(socialNormaliser, text) ? 'social' : 'url';
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text)) return 'url';
  if (accepts(socialNormaliser, text)) return 'social';
  if (/[@＠]/u.test(text) && /@[^@\s]+\.[^@\s]/.test(text)) return 'email';
  return accepts(emailNormaliser, text) ? 'email' : null;
}

function byShape(text: string): IndicatorKind | null {
  const compact = text.replace(/[\s-]/g, '');
  if (/^\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i.test(text) || /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$|^\d{2}-\d{6}-\d{6}-\d$/i.test(text)) return 'device_id';
  if (/^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i.test(text) && /[a-f]/i.test(text)) return 'device_id';
  if (/^(?:(?=.*[a-z])(?=.*[A-Z])[0-9A-Za-z]{20})$/.test(text)) return 'device_id';
  if (accepts(cryptoAddressNormaliser, text)) return 'crypto_address';
  if (accepts(ibanNormaliser, text) || IBAN_LENGTHS.get(compact.slice(0, 2).toUpperCase()) === compact.length) return /^[a-z]{2}\d/i.test(compact) ? 'iban' : null;
  if (isResidentId(compact.toUpperCase())) return 'id_hash'; // an identity number: refused there by its own code
  if (accepts(orgIdNormaliser, text) || (/^[1-9A-GNY][1-9]\d{6}[0-9A-Z]{10}$/i.test(compact) && /[a-z]/i.test(compact))) return 'org_id';
  return accepts(licencePlateNormaliser, text) ? 'licence_plate' : null;
}

/** Digits with the signs of numbers around them. */
function byDigits(text: string): IndicatorKind | null {
  const digits = text.replace(/\D/g, '');
  const isCard = digits.length >= 16 && digits.length <= 19 && !/^(?:1|0)/.test(digits) && luhnValid(digits);
  if (isCard) return 'bank_card';
  if (accepts(phoneNormaliser, text)) return 'phone';
  if (digits.length === 14 && accepts(deviceIdNormaliser, text)) return null;
  if (digits.length === 15) return /^3[47]/.test(digits) && luhnValid(digits) ? 'bank_card' : 'device_id';
  return digits.length >= 16 && !/[*x]/i.test(text) ? 'bank_card' : 'phone';
}

/** Null where the value could be of several kinds, or of none. Takes any text; never throws. */
export function detectKind(raw: string): IndicatorKind | null {
  if (raw.length > 8_192) return 'complaint_text'; // nothing else is so long
  if (!raw.isWellFormed() || hasPiledMarks(raw)) return null;
  const plain = plainText(raw);
  if (plain === '' || isPlaceholder(plain)) return null;
  const text = bareValue(asciiDigits(plainDashes(plain)));
  if (plain.length <= 4096 && !/\s/.test(plain) && ADDRESS.test(text)) return bySymbols(text);
  if (plain.length > 400) return 'complaint_text';
  if (plain.match(/https?:\/\//gi)?.length === 1 && plain.length <= 200) return bySymbols(text) ?? 'url';
  if (CLAUSES.test(plain) || A_DOZEN_WORDS.test(plain) || plain.length > 200) return 'complaint_text';
  for (const [label, kind] of LABELS) if (label.test(text)) return kind;
  const told = bySymbols(text) ?? byShape(text);
  if (told !== null) return told;
  if (/^[+(\d][\d\s()+./*xX#转轉ext;=:,_·、-]*$/iu.test(text) && /\d/.test(text)) return byDigits(text);
  const address = refanged(text);
  if (/^[\p{L}\d_*.-]+\.[\p{L}\d-]{2,}\.?$/u.test(address)) return 'domain';
  if (/^[\p{L}\d_.-]+\.[\p{L}]{2,}(?::\d+)?[/?]\S*$/u.test(address)) return 'url';
  if (/^[0-9a-f:/.-]{40,}$/i.test(text)) return null;
  return byWords(text);
}

function byWords(text: string): IndicatorKind | null {
  if (/\d{7}/.test(text.replace(/[\s-]/g, '')) && accepts(phoneNormaliser, text)) return 'phone';
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2 || (text.length > 12 && /^[\w:/.-]+$/.test(text) && /\d/.test(text))) return null;
  return /[公司银行集团中心店厂所院社会]|[\p{L}]{2,},? ["'“(]?[\p{L}]{2,}|\p{Script=Han}{4,}/u.test(text) ? 'org_name' : null;
}

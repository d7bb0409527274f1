/**
 * Accounts on social and payment platforms as `platform:account`. A platform must be named; a bare `@name` is read as
 * Telegram, a bare `wxid_...` as WeChat, as analysts write them. Account names are compared without case: none of these
 * platforms gives two users names that differ in case only.
 */
import { PLATFORMS, PROFILE_LINKS, RESERVED_ACCOUNTS, type Platform } from '../data/social-platforms.js';
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { unquoted } from '../text/plain-text.js';
import { bareValue } from '../text/wrapping.js';

/** Whose account it is, before the platform's name. */
const WHOSE = '(?:[+加]|我的|我|联系|添加|客服|老师|经理|顾问|专员|助理|官方|私人|个人|业务|工作|咨询|对方|中介|嫌疑人|主|备用|新|请|:){0,4}';
const LABELS = PLATFORMS.map((platform) => ({
  platform,
  label: new RegExp(`^${WHOSE}(?:${platform.words}) ?(?:同号|号码|账号|帐号|账户|用户名|昵称|id|uid|no\\.?|号)? ?[:=：]? ?@?`, 'iu'),
}));
const MOBILE_LIKE = /^\+?[\d][\d\s()-]{9,24}$/;

/** An account that is a telephone number, however its digits are grouped: the mobile without China's country code. */
function withoutGrouping(account: string): string {
  if (!MOBILE_LIKE.test(account)) return account;
  const digits = account.replace(/\D/g, '');
  return /^(?:(?:00)?86)?(1[3-9]\d{9})$/.exec(digits)?.[1] ?? account;
}

function accountOf(platform: Platform, account: string): NormaliseResult {
  const plain = platform.digitsOnly === true ? account.replace(/@qq\.com$/i, '').replace(/[\s()+-]/g, '').replace(/^00/, '') : withoutGrouping(account);
  const name = platform.keepsCase === true ? plain : plain.toLowerCase();
  if (/[*•]{2,}/.test(name)) return rejection('MASKED');
  if (!platform.account.test(name)) return rejection('ACCOUNT_INVALID');
  if (/^(.)\1*$/.test(name) && name.length > 4) return rejection('JUNK_VALUE');
  return { forms: [exactForm('social', `${platform.name}:${name}`)] };
}

function platformNamed(name: string): Platform | undefined {
  return PLATFORMS.find((platform) => platform.name === name);
}

function linked(text: string): NormaliseResult | null {
  for (const [link, name] of PROFILE_LINKS) {
    const account = link.exec(text)?.[1];
    const platform = platformNamed(name);
    if (account === undefined || platform === undefined || RESERVED_ACCOUNTS.has(account.toLowerCase())) continue;
    const result = accountOf(platform, decoded(account));
    if ('forms' in result) return result;
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As it stands, else without what stands around it: a title may hold brackets of its own. */
function labelled(platform: Platform, account: string): NormaliseResult {
  const result = linked(account) ?? accountOf(platform, account);
  return 'forms' in result ? result : accountOf(platform, bareValue(account));
}

function bareSocial(text: string): string {
  const bare = unquoted(text);
  return /^[\p{L}\p{N}+@#]/u.test(bare) ? bare : bareValue(bare);
}

function normaliseSocial(text: string): NormaliseResult {
  const bare = bareSocial(text);
  const folded = simplifiedHan(bare);
  const profile = linked(bare);
  if (profile !== null) return profile;
  for (const { platform, label } of LABELS) {
    const head = folded.length === bare.length ? label.exec(folded)?.[0] : label.exec(bare)?.[0];
    // "linear" is no LINE account: a Latin label ends at a blank, a colon, an @ or a digit
    if (head === undefined || (/[a-z]$/i.test(head) && /^[a-z_.-]/i.test(bare.slice(head.length)))) continue;
    return labelled(platform, bare.slice(head.length).trim());
  }
  const telegram = platformNamed('telegram');
  if (telegram !== undefined && /^@\w/.test(bare)) return accountOf(telegram, bare.slice(1));
  const wechat = platformNamed('wechat');
  if (wechat !== undefined && /^wxid_\w+$/i.test(bare)) return accountOf(wechat, bare);
  return rejection('PLATFORM_MISSING');
}

export const socialNormaliser: Normaliser = screened({
  kind: 'social',
  version: 3,
  description: {
    en: 'account on a social or payment platform, with the platform named',
    zh: '社交或支付平台账号（须注明平台）',
  },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 512,
  examples: () => [
    { raw: '微信号：wxid_4Kq92mzr1', canonical: 'wechat:wxid_4kq92mzr1' },
    { raw: 'WeChat: wxid_4kq92mzr1', canonical: 'wechat:wxid_4kq92mzr1' },
    { raw: 'qq２７４２７３２３４１', canonical: 'qq:2742732341' },
    { raw: '@kefu_m7oy1op', canonical: 'telegram:kefu_m7oy1op' },
    { raw: 'https://t.me/kefu_m7oy1op', canonical: 'telegram:kefu_m7oy1op' },
    { raw: 'WhatsApp +1 646 555 0143', canonical: 'whatsapp:16465550143' },
    { raw: 'wa.me/16465550143', canonical: 'whatsapp:16465550143' },
    { raw: '抖音号：ux430191486', canonical: 'douyin:ux430191486' },
    { raw: '加V：kefu_2026', canonical: 'wechat:kefu_2026' },
    { raw: '➕微信號：138-0013-8000（備註貸款）', canonical: 'wechat:13800138000' },
    { raw: '微信公众号：信用管家', canonical: 'wechat_official:信用管家' },
    { raw: 'QQ群：1023456789', canonical: 'qq_group:1023456789' },
    { raw: 'https://t.me/+AbCdEf123456', canonical: 'telegram_invite:AbCdEf123456' },
    { raw: 'https://space.bilibili.com/123456?spm_id_from=1', canonical: 'bilibili:123456' },
    { raw: '支付宝账号：kefu@example.com', canonical: 'alipay:kefu@example.com' },
    { raw: '支付宝UID：2088860208598652', canonical: 'alipay_uid:2088860208598652' },
  ],
  rejects: () => [
    { raw: 'kefu001', code: 'PLATFORM_MISSING' },
    { raw: 'QQ：0123', code: 'ACCOUNT_INVALID' },
    { raw: '微信号：wx****99', code: 'MASKED' },
    { raw: '无', code: 'PLACEHOLDER' },
  ],
}, normaliseSocial);

/**
 * Accounts on social and payment platforms as `platform:account`. A platform must be named; a bare `@name` is read as
 * Telegram, a bare `wxid_...` as WeChat, as analysts write them. Account names are compared without case: none of these
 * platforms gives two users names that differ in case only.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { unquoted } from '../text/plain-text.js';

interface Platform {
  readonly name: string;
  readonly words: string;
  readonly account: RegExp;
}
const HANDLE = /^[\p{L}\p{N}_.-]{2,64}$/u;
/** The account shapes of the platforms' own sign-up rules. */
const PLATFORMS: readonly Platform[] = [
  { name: 'wechat', words: 'wechat|weixin|微信|威信|薇信|v信|wx', account: /^[a-z][a-z0-9_-]{5,19}$|^\d{5,11}$|^1[3-9]\d{9}$/ },
  { name: 'qq', words: 'qq|扣扣|企鹅', account: /^[1-9]\d{4,11}$/ },
  { name: 'alipay_uid', words: 'alipay_uid|alipay uid|alipay|支付宝uid|支付宝', account: /^2088\d{12}$/ },
  { name: 'whatsapp', words: 'whatsapp|whats app|wa\\.me|ws', account: /^[1-9]\d{6,14}$/ },
  { name: 'telegram', words: 'telegram|tg|电报|纸飞机', account: /^[a-z][a-z0-9_]{3,31}$/ },
  { name: 'douyin', words: 'douyin|抖音|dy', account: HANDLE },
  { name: 'kuaishou', words: 'kuaishou|快手', account: HANDLE },
  { name: 'xiaohongshu', words: 'xiaohongshu|小红书|rednote|xhs', account: HANDLE },
  { name: 'weibo', words: 'weibo|新浪微博|微博', account: HANDLE },
  { name: 'bilibili', words: 'bilibili|哔哩哔哩|b站', account: HANDLE },
  { name: 'facebook', words: 'facebook|脸书|fb', account: HANDLE },
  { name: 'instagram', words: 'instagram|ig', account: HANDLE },
  { name: 'twitter', words: 'twitter|推特', account: HANDLE },
  { name: 'line', words: 'line', account: HANDLE },
  { name: 'signal', words: 'signal', account: HANDLE },
];
const LINKS: readonly (readonly [RegExp, string])[] = [
  [/^(?:https?:\/\/)?(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?phone=)\+?([\d ()-]+)/i, 'whatsapp'],
  [/^(?:https?:\/\/)?(?:t|telegram)\.me\/(?:s\/)?([a-z0-9_]+)/i, 'telegram'],
  [/^(?:https?:\/\/)?(?:www\.)?weibo\.com\/(?:u\/)?([\w-]+)/i, 'weibo'],
  [/^(?:https?:\/\/)?(?:www\.)?douyin\.com\/user\/([\w-]+)/i, 'douyin'],
  [/^(?:https?:\/\/)?(?:www\.)?(?:twitter|x)\.com\/(\w+)/i, 'twitter'],
];
const LABELS = PLATFORMS.map((platform) => ({
  platform,
  label: new RegExp(`^(?:我的|客服)?(?:${platform.words}) ?(?:号码|账号|帐号|账户|公众号|用户名|id|uid|no\\.?|号)? ?[:=：]? ?@?`, 'iu'),
}));

function accountOf(platform: Platform, account: string): NormaliseResult {
  const numeric = platform.name === 'whatsapp' || platform.name === 'qq' || platform.name === 'alipay_uid';
  const name = (numeric ? account.replace(/[\s()+-]/g, '').replace(/^00/, '') : account).toLowerCase();
  if (/[*•]{2,}/.test(name)) return rejection('MASKED');
  if (!platform.account.test(name)) return rejection('ACCOUNT_INVALID');
  if (/^(.)\1*$/.test(name) && name.length > 4) return rejection('JUNK_VALUE');
  return { forms: [exactForm('social', `${platform.name}:${name}`)] };
}

function platformNamed(name: string): Platform | undefined {
  return PLATFORMS.find((platform) => platform.name === name);
}

function normaliseSocial(text: string): NormaliseResult {
  const bare = unquoted(text);
  for (const [link, name] of LINKS) {
    const account = link.exec(bare)?.[1];
    const platform = platformNamed(name);
    if (account !== undefined && platform !== undefined) return accountOf(platform, account);
  }
  for (const { platform, label } of LABELS) {
    const head = label.exec(bare)?.[0];
    // "linear" is no LINE account: a Latin label ends at a blank, a colon, an @ or a digit
    if (head === undefined || (/[a-z]$/i.test(head) && /^[a-z_.-]/i.test(bare.slice(head.length)))) continue;
    return accountOf(platform, bare.slice(head.length).trim());
  }
  const telegram = platformNamed('telegram');
  if (telegram !== undefined && /^@\w/.test(bare)) return accountOf(telegram, bare.slice(1));
  const wechat = platformNamed('wechat');
  if (wechat !== undefined && /^wxid_\w+$/i.test(bare)) return accountOf(wechat, bare);
  return rejection('PLATFORM_MISSING');
}

export const socialNormaliser: Normaliser = screened({
  kind: 'social',
  version: 2,
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
    { raw: '支付宝UID：2088860208598652', canonical: 'alipay_uid:2088860208598652' },
  ],
  rejects: () => [
    { raw: 'kefu001', code: 'PLATFORM_MISSING' },
    { raw: 'QQ：0123', code: 'ACCOUNT_INVALID' },
    { raw: '微信号：wx****99', code: 'MASKED' },
    { raw: '无', code: 'PLACEHOLDER' },
  ],
}, normaliseSocial);

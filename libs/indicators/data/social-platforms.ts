/**
 * Platforms, the words by which people name them, the shapes of their accounts and the links to profiles. Version 2026-11; shapes from the
 * platforms' own sign-up rules and profile links. The order matters: a word that begins with another platform's word stands before it.
 */
export interface Platform {
  readonly name: string;
  /** Alternatives of a regular expression. */
  readonly words: string;
  readonly account: RegExp;
  /** Codes of invitations tell upper from lower case; names of users do not. */
  readonly keepsCase?: true;
  /** Numbers are written with blanks, dashes and prefixes. */
  readonly digitsOnly?: true;
}

const HANDLE = /^[\p{L}\p{N}_.-]{2,64}$/u;
const TITLE = /^[\p{L}\p{N}_.\-()&+]{2,64}$/u;

export const PLATFORMS: readonly Platform[] = [
  { name: 'wechat_official', words: 'wechat_official|(?:微信)?(?:公众号|订阅号|服务号)', account: TITLE },
  { name: 'wechat_channels', words: 'wechat_channels|(?:微信)?视频号', account: TITLE },
  { name: 'wecom', words: 'wecom|企业微信|企微', account: HANDLE },
  { name: 'wechat', words: 'wechat|weixin|微信|威信|薇信|维信|徽信|v信|vx|wx|v(?= ?[:：])', account: /^[a-z][a-z0-9_-]{5,19}$|^\d{5,11}$|^1[3-9]\d{9}$/ },
  { name: 'qq_group', words: 'qq_group|(?:qq|q|扣扣|企鹅)(?:交流|学习|粉丝|互助)?群', account: /^[1-9]\d{4,11}$/, digitsOnly: true },
  { name: 'qq', words: 'qq|扣扣|企鹅|q(?= ?[:：])|扣(?= ?[:：])', account: /^[1-9]\d{4,11}$/, digitsOnly: true },
  { name: 'alipay_uid', words: 'alipay_uid|alipay uid|支付宝uid|(?:alipay|支付宝)(?=(?:账号|账户)?[ :：]*2088(?:[ -]?\\d){12}$)', account: /^2088\d{12}$/, digitsOnly: true },
  { name: 'alipay', words: 'alipay|支付宝', account: /^1[3-9]\d{9}$|^[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/ },
  { name: 'whatsapp', words: 'whatsapp|whats app|wa\\.me|ws', account: /^[1-9]\d{6,14}$/, digitsOnly: true },
  { name: 'telegram_invite', words: 'telegram_invite', account: /^[A-Za-z0-9_-]{8,40}$/, keepsCase: true },
  { name: 'telegram', words: 'telegram|tg|电报群?|纸?飞机', account: /^[a-z][a-z0-9_]{3,31}$/ },
  { name: 'douyin', words: 'douyin|抖音|dy', account: HANDLE },
  { name: 'tiktok', words: 'tiktok', account: HANDLE },
  { name: 'kuaishou', words: 'kuaishou|快手', account: HANDLE },
  { name: 'xiaohongshu', words: 'xiaohongshu|小红书|rednote|xhs', account: HANDLE },
  { name: 'weibo', words: 'weibo|新浪微博|微博', account: HANDLE },
  { name: 'bilibili', words: 'bilibili|哔哩哔哩|b站', account: HANDLE },
  { name: 'zhihu', words: 'zhihu|知乎', account: HANDLE },
  { name: 'taobao', words: 'taobao|淘宝旺旺|淘宝|旺旺', account: HANDLE },
  { name: 'xianyu', words: 'xianyu|闲鱼', account: HANDLE },
  { name: 'dingtalk', words: 'dingtalk|钉钉', account: HANDLE },
  { name: 'facebook', words: 'facebook|脸书|fb', account: HANDLE },
  { name: 'instagram', words: 'instagram|ig', account: HANDLE },
  { name: 'twitter', words: 'twitter|推特', account: HANDLE },
  { name: 'youtube', words: 'youtube|油管', account: HANDLE },
  { name: 'discord', words: 'discord', account: /^[\p{L}\p{N}_.]{2,32}(?:#\d{4})?$/u },
  { name: 'skype', words: 'skype', account: /^(?:live:)?[a-z0-9_.,:-]{6,64}$/ },
  { name: 'line', words: 'line', account: HANDLE },
  { name: 'signal', words: 'signal', account: HANDLE },
];

/** What these sites keep for pages of their own: `t.me/share` is everybody's. */
export const RESERVED_ACCOUNTS: ReadonlySet<string> = new Set(('share sharer login signup register home explore search help about settings messages notifications intent hashtag i c s m p u n tv reel reels stories watch groups events pages '
  + 'marketplace people photo photos photo.php story.php permalink.php profile.php sharer.php accounts proxy socks addstickers addtheme addlist addemoji setlanguage joinchat contact invoice boost iv bg hot detail status').split(' '));

const SITE = (host: string): string => `^(?:https?:\\/\\/)?(?:www\\.|m\\.)?${host}`;
/** Links to a profile; the first group is the account. */
export const PROFILE_LINKS: readonly (readonly [RegExp, string])[] = ([
  ['^(?:https?:\\/\\/)?(?:wa\\.me\\/|(?:api|web)\\.whatsapp\\.com\\/send\\/?\\?phone=)\\+?([\\d ()-]+)', 'whatsapp'],
  ['^(?:https?:\\/\\/)?(?:t|telegram)\\.me\\/(?:joinchat\\/|\\+)([\\w-]+)', 'telegram_invite'],
  ['^(?:https?:\\/\\/)?(?:t|telegram)\\.me\\/(?!joinchat\\/)(?:s\\/)?(\\w+)', 'telegram'], ['^tg:\\/\\/resolve\\?domain=(\\w+)', 'telegram'], ['^tg:\\/\\/join\\?invite=([\\w-]+)', 'telegram_invite'],
  [`${SITE('weibo\\.(?:com|cn)')}\\/(?:u\\/|n\\/)?([^\\s/?#]+)\\/?(?:\\?.*)?$`, 'weibo'], [`${SITE('(?:douyin|iesdouyin)\\.com')}\\/(?:share\\/)?user\\/([\\w-]+)`, 'douyin'],
  [`${SITE('kuaishou\\.com')}\\/profile\\/(\\w+)`, 'kuaishou'], [`${SITE('xiaohongshu\\.com')}\\/user\\/profile\\/(\\w+)`, 'xiaohongshu'], ['^(?:https?:\\/\\/)?space\\.bilibili\\.com\\/(\\d+)', 'bilibili'],
  [`${SITE('zhihu\\.com')}\\/people\\/([\\w-]+)`, 'zhihu'], [`${SITE('(?:twitter|x)\\.com')}\\/(\\w+)\\/?(?:\\?.*)?$`, 'twitter'], [`${SITE('tiktok\\.com')}\\/@([\\w.-]+)\\/?(?:\\?.*)?$`, 'tiktok'],
  [`${SITE('youtube\\.com')}\\/@([\\w.-]+)\\/?(?:\\?.*)?$`, 'youtube'], [`${SITE('facebook\\.com')}\\/profile\\.php\\?id=(\\d+)`, 'facebook'], [`${SITE('(?:facebook|fb)\\.com')}\\/([\\w.-]+)\\/?(?:\\?.*)?$`, 'facebook'],
  [`${SITE('instagram\\.com')}\\/([\\w.]+)\\/?(?:\\?.*)?$`, 'instagram'],
] as const).map(([pattern, platform]) => [new RegExp(pattern, 'i'), platform] as const);

/**
 * Links whose address carries one thing's identity and much that says who shared it. Each rule: hosts, what the path or query must
 * look like, and the address that is left. Version 2026-11; from the services' own share links (Douyin, Kuaishou, Bilibili, Xiaohongshu,
 * Weibo, Weixin articles, TikTok, YouTube). Short links stay short: what they lead to is not looked up, the agent has no network here.
 */
interface LinkRule {
  readonly hosts: readonly string[];
  readonly path: RegExp;
  /** Parameter that must be there, with its shape. */
  readonly query?: readonly [name: string, shape: RegExp];
  /** The canonical address from the path's groups and the parameter's value. */
  readonly to: (groups: readonly string[], value: string) => string;
}

const DOUYIN = ['www.douyin.com', 'douyin.com', 'm.douyin.com', 'www.iesdouyin.com', 'iesdouyin.com'];
const YOUTUBE = ['www.youtube.com', 'youtube.com', 'm.youtube.com'];

const RULES: readonly LinkRule[] = [
  { hosts: DOUYIN, path: /^\/(?:share\/)?(video|note|user)\/([\w-]+)\/?$/, to: ([kind = '', id = '']) => `https://www.douyin.com/${kind}/${id}` },
  { hosts: DOUYIN, path: /^\/[\w/]*$/, query: ['modal_id', /^\d{10,20}$/], to: (_, id) => `https://www.douyin.com/video/${id}` },
  { hosts: ['v.douyin.com', 'v.kuaishou.com', 'b23.tv', 'vm.tiktok.com', 'vt.tiktok.com', 't.cn', 'url.cn', 'dwz.cn', 'm.tb.cn', 'wxaurl.cn'], path: /^\/(\w+)\/?$/, to: () => '' },
  { hosts: ['xhslink.com'], path: /^\/((?:[a-z]\/)?\w+)\/?$/i, to: () => '' },
  { hosts: ['www.kuaishou.com', 'm.kuaishou.com', 'kuaishou.com', 'v.m.chenzhongtech.com'], path: /^\/(?:fw\/photo|short-video)\/(\w+)\/?$/, to: ([id = '']) => `https://www.kuaishou.com/short-video/${id}` },
  { hosts: ['www.bilibili.com', 'm.bilibili.com', 'bilibili.com'], path: /^\/video\/(BV\w{10}|av\d+)\/?$/, to: ([id = '']) => `https://www.bilibili.com/video/${id}` },
  { hosts: ['www.xiaohongshu.com', 'xiaohongshu.com'], path: /^\/(?:explore|discovery\/item)\/([0-9a-f]{24})\/?$/, to: ([id = '']) => `https://www.xiaohongshu.com/explore/${id}` },
  { hosts: ['www.xiaohongshu.com', 'xiaohongshu.com'], path: /^\/user\/profile\/([0-9a-f]{24})\/?$/, to: ([id = '']) => `https://www.xiaohongshu.com/user/profile/${id}` },
  { hosts: ['m.weibo.cn', 'weibo.com', 'www.weibo.com'], path: /^\/(?:status|detail|\d+)\/(\w{9}|\d{16})\/?$/, to: ([id = '']) => `https://m.weibo.cn/status/${id}` },
  { hosts: ['mp.weixin.qq.com'], path: /^\/s\/([\w-]{10,})\/?$/, to: ([id = '']) => `https://mp.weixin.qq.com/s/${id}` },
  { hosts: ['www.tiktok.com', 'tiktok.com', 'm.tiktok.com'], path: /^\/(@[\w.-]+)\/video\/(\d+)\/?$/, to: ([user = '', id = '']) => `https://www.tiktok.com/${user}/video/${id}` },
  { hosts: ['youtu.be'], path: /^\/([\w-]{11})\/?$/, to: ([id = '']) => `https://www.youtube.com/watch?v=${id}` },
  { hosts: YOUTUBE, path: /^\/(?:shorts|embed|live)\/([\w-]{11})\/?$/, to: ([id = '']) => `https://www.youtube.com/watch?v=${id}` },
  { hosts: YOUTUBE, path: /^\/watch\/?$/, query: ['v', /^[\w-]{11}$/], to: (_, id) => `https://www.youtube.com/watch?v=${id}` },
];
const BY_HOST = new Map<string, LinkRule[]>();
for (const rule of RULES) for (const host of rule.hosts) BY_HOST.set(host, [...(BY_HOST.get(host) ?? []), rule]);

/** A Weixin article by its four numbers, in one order. */
function weixinArticle(url: URL): string | null {
  const parts = ['__biz', 'mid', 'idx', 'sn'].map((name) => [name, url.searchParams.get(name)] as const);
  if (url.hostname !== 'mp.weixin.qq.com' || url.pathname !== '/s' || parts.some(([, value]) => value === null || !/^[\w=+/-]{1,64}$/.test(value))) return null;
  return `https://mp.weixin.qq.com/s?${parts.map(([name, value]) => `${name}=${value ?? ''}`).join('&')}`;
}

/** The address of the thing itself; null where no rule knows the link. */
export function canonicalLink(url: URL): string | null {
  if (url.port !== '') return null;
  for (const rule of BY_HOST.get(url.hostname) ?? []) {
    const found = rule.path.exec(url.pathname);
    const value = rule.query === undefined ? '' : url.searchParams.get(rule.query[0]) ?? '';
    if (found === null || (rule.query !== undefined && !rule.query[1].test(value))) continue;
    return rule.to(found.slice(1), value) || `https://${url.hostname}/${found[1] ?? ''}`;
  }
  return weixinArticle(url);
}

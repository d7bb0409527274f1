/**
 * Hosts that many unrelated people publish on: short links, short videos, cloud documents, shops and code hosts. Below them the path names the
 * party, not the host: a token of the host alone would accuse everybody there, and its frequency would tell which host it is.
 * Version 2026-11; written down from the services' own help pages. Subdomain hosting (pages.dev, netlify.app) needs no entry here: the
 * public suffix list's private section makes each customer's subdomain a registrable domain of its own.
 */
const CROWDED = new Set([
  // short links
  't.cn', 'url.cn', 'dwz.cn', 'suo.im', 'suo.nz', '985.so', 'sourl.cn', 'mrw.so', 'tb.cn', 'taobao.com', 'jd.com', 'u.jd.com', '3.cn', 'bit.ly', 'tinyurl.com', 't.co',
  'goo.gl', 'is.gd', 'v.gd', 'ow.ly', 'buff.ly', 'rebrand.ly', 'cutt.ly', 'shorturl.at', 'rb.gy', 's.id', 't.ly', 'wxaurl.cn', 'app.link',
  // short videos and social platforms
  'douyin.com', 'iesdouyin.com', 'kuaishou.com', 'kuaishouapp.com', 'gifshow.com', 'chenzhongtech.com', 'bilibili.com', 'b23.tv', 'xiaohongshu.com', 'xhslink.com',
  'weibo.com', 'weibo.cn', 'qq.com', 'zhihu.com', 'toutiao.com', 'ixigua.com', 'tiktok.com', 'youtube.com', 'youtu.be', 'facebook.com', 'fb.com', 'fb.me',
  'instagram.com', 'twitter.com', 'x.com', 'whatsapp.com', 'wa.me', 't.me', 'telegram.me', 'line.me', 'linkedin.com', 'lnkd.in', 'reddit.com', 'pinterest.com',
  // documents, forms, code, shops
  'google.com', 'goo.gle', 'microsoft.com', 'office.com', 'live.com', '1drv.ms', 'dropbox.com', 'icloud.com', 'apple.com', 'github.com', 'gitee.com', 'notion.so',
  'jinshuju.net', 'wjx.cn', 'wjx.top', 'feishu.cn', 'larksuite.com', 'dingtalk.com', 'shimo.im', 'yuque.com', 'baidu.com', 'alipay.com', 'xianyu.com', 'goofish.com',
  'tmall.com', 'pinduoduo.com', 'yangkeduo.com', 'aliyundrive.com', 'alipan.com', '123pan.com', 'lanzou.com', 'cloudflare.com', 'medium.com', 'linktr.ee',
]);

/** True where the registrable domain is that of many unrelated publishers. */
export const isCrowdedDomain = (registrable: string): boolean => CROWDED.has(registrable);

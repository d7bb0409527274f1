/**
 * Domains that belong to everybody's daily life: to report the whole domain (or its front page) accuses all who use it. A page below it may
 * still be reported. Version 2026-11. Free mail: the providers' own pages. Authorities: their published addresses; every host
 * below gov.cn is one. Platforms: see crowded-hosts, of which each entry is benign too.
 */
const FREE_MAIL = new Set([
  'qq.com', 'foxmail.com', '163.com', '126.com', 'yeah.net', 'vip.163.com', '188.com', 'sina.com', 'sina.cn', 'vip.sina.com', 'sohu.com', 'vip.sohu.com', 'tom.com', '21cn.com', '139.com', '189.cn', 'wo.cn', 'aliyun.com',
  'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'live.cn', 'msn.com', 'yahoo.com', 'yahoo.com.cn', 'yahoo.cn', 'ymail.com', 'icloud.com', 'me.com', 'mac.com', 'aol.com', 'gmx.com', 'gmx.de', 'web.de',
  'mail.com', 'mail.ru', 'yandex.ru', 'yandex.com', 'protonmail.com', 'proton.me', 'pm.me', 'tutanota.com', 'zoho.com', 'naver.com', 'daum.net', 'hanmail.net', 'fastmail.com', 'hushmail.com', 't-online.de', 'orange.fr',
]);
const AUTHORITIES = new Set(['12377.cn', '12321.cn', '12315.cn', '12348.cn', 'chinatax.gov.cn', 'pbccrc.org.cn', 'unionpay.com', 'china-cba.net', 'amac.org.cn', 'sac.net.cn', 'nifa.org.cn', 'cnnic.cn', 'court.gov.cn']);
const EVERYDAY = new Set([
  '12306.cn', '360.cn', 'so.com', 'sogou.com', 'bing.com', 'wikipedia.org', 'ctrip.com', 'meituan.com', 'dianping.com', 'ele.me', 'didichuxing.com', 'amap.com', 'suning.com', 'vip.com', 'xiaomi.com', 'huawei.com', 'vivo.com', 'oppo.com',
  'people.com.cn', 'xinhuanet.com', 'cctv.com', 'chinadaily.com.cn', 'ifeng.com', 'aliyun.com', 'tencent.com', 'alibaba.com', '1688.com', 'amazon.com', 'netflix.com', 'adobe.com', 'mozilla.org', 'w3.org', 'speedtest.cn',
]);

export const isFreeMailDomain = (domain: string): boolean => FREE_MAIL.has(domain);
export const isAuthorityDomain = (domain: string): boolean => AUTHORITIES.has(domain) || /(?:^|\.)gov\.(?:cn|hk|mo)$/.test(domain);
export const isEverydayDomain = (domain: string): boolean => EVERYDAY.has(domain);
/** For those who count or tokenise the lists. */
export const BENIGN_DOMAINS: readonly string[] = [...new Set([...FREE_MAIL, ...AUTHORITIES, ...EVERYDAY])];

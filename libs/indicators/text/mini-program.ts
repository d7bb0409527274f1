/**
 * Links that open a mini-program inside an app. They have no host; what names the program is its id, ticket or short link.
 * Weixin: `#小程序://name/code` (short link), `weixin://dl/business/?t=ticket` (URL scheme), `weixin://dl/business/?appid=wx...&path=...`;
 * Alipay: `alipays://platformapi/startapp?appId=...&page=...`. Parameters beside these say how somebody came.
 */
const SHORT_LINK = /^#(?:小程序|mini ?program):\/\/([^\s/]{1,64})\/([0-9A-Za-z]{6,32})$/iu;

function kept(query: string, names: readonly string[]): string {
  const parameters = new URLSearchParams(query);
  const pairs = names.flatMap((name) => {
    const value = [...parameters].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    return value === undefined || value === '' ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return pairs.join('&');
}

/** The canonical link, or null when it is none of these. */
export function miniProgramLink(text: string): string | null {
  const short = SHORT_LINK.exec(text);
  if (short !== null) return `#小程序://${short[1] ?? ''}/${short[2] ?? ''}`;
  const weixin = /^weixin:\/\/dl\/business\/?\?(.*)$/i.exec(text)?.[1];
  if (weixin !== undefined) {
    const query = kept(weixin, ['t']) || (/(?:^|&)appid=wx[0-9a-f]{16}(?:&|$)/i.test(weixin) ? kept(weixin, ['appid', 'path']) : '');
    return query === '' ? null : `weixin://dl/business/?${query}`;
  }
  const alipay = /^alipays?:\/\/platformapi\/startapp\/?\?(.*)$/i.exec(text)?.[1];
  if (alipay === undefined || !/(?:^|&)appId=\d{8,20}(?:&|$)/i.test(alipay)) return null;
  return `alipays://platformapi/startapp?${kept(alipay, ['appId', 'page'])}`;
}

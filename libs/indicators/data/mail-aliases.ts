/**
 * Addresses that lead to one mailbox, by the providers' own help pages. Version 2026-11. Only what a provider promises: that dots do not
 * count, which sign begins a tag (beside +, RFC 5233), which domains are names of one service.
 */
export interface MailRule {
  /** The domain under which the mailbox is told. */
  readonly domain: string;
  readonly dots?: 'ignored' | 'as-hyphen';
  readonly tagSign?: '-';
}

const RULES: readonly (readonly [domains: string, rule: MailRule])[] = [
  ['gmail.com googlemail.com', { domain: 'gmail.com', dots: 'ignored' }],
  ['proton.me protonmail.com protonmail.ch pm.me', { domain: 'proton.me', dots: 'ignored' }],
  ['icloud.com me.com mac.com', { domain: 'icloud.com' }],
  ['yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru', { domain: 'yandex.ru', dots: 'as-hyphen' }],
  ['yahoo.com yahoo.co.uk yahoo.com.hk yahoo.com.tw yahoo.com.cn ymail.com rocketmail.com', { domain: '', tagSign: '-' }],
];
const BY_DOMAIN = new Map(RULES.flatMap(([domains, rule]) => domains.split(' ').map((domain) => [domain, rule] as const)));

/** The mailbox behind an address: lower case in, lower case out. */
export function mailboxOf(local: string, domain: string): string {
  const untagged = local.replace(/(?<=.)\+.*$/u, '');
  // anything@name.fastmail.com is name@fastmail.com
  const fastmail = /^([a-z0-9_-]{2,40})\.fastmail\.(?:com|fm)$/.exec(domain)?.[1];
  if (fastmail !== undefined) return `${fastmail}@fastmail.com`;
  const rule = BY_DOMAIN.get(domain);
  if (rule === undefined) return `${untagged}@${domain}`;
  const tagged = rule.tagSign === undefined ? untagged : untagged.replace(/(?<=.)-.*$/u, '');
  const name = rule.dots === 'ignored' ? tagged.replaceAll('.', '') : rule.dots === 'as-hyphen' ? tagged.replaceAll('.', '-') : tagged;
  return `${name}@${rule.domain || domain}`;
}

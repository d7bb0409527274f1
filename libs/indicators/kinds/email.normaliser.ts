/**
 * E-mail addresses. RFC 5321 2.4 would let the local part be case-sensitive; no provider of note is, so all is lower case.
 * The domain goes through IDNA. Weak form `email_base`: the mailbox behind tags, dots and alias domains (data/mail-aliases.ts).
 */
import { mailboxOf } from '../data/mail-aliases.js';
import { exactForm, weakForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { asciiHost, isMailDomain } from '../text/host.js';
import { unquoted } from '../text/plain-text.js';

const LABEL = /^(?:mailto|e-?mail(?: ?address)?|mail|邮箱(?:地址)?|电子邮[箱件](?:地址)?|邮件(?:地址)?) ?[:=] ?/iu;
const ANGLE = /<([^<>]*)>/;
const REMARK = / ?\([^()@]*\)$/u;
/** `kefu at example dot com`, `kefu#example.com`. */
const SPELT_OUT = /^([\w.+-]{1,64})(?: at |#)([\w-]+(?:(?: dot |\.)[\w-]+)+)$/i;
const LOCAL = /^[^\s"(),:;<>@[\\\]]{1,64}$/u;

function normaliseEmail(text: string): NormaliseResult {
  let bare = (ANGLE.exec(text)?.[1] ?? text.replace(REMARK, '')).replace(SPELT_OUT, (_, local: string, host: string) => `${local}@${host.replace(/ dot /gi, '.')}`).replace(/ ?[[({](?:at|@)[\])}] ?/i, '@').replace(/ ?[[({](?:dot|\.)[\])}] ?/gi, '.');
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = unquoted(bare).replace(LABEL, '').replace(/^<|>$/g, '');
  }
  bare = bare.replace(/\?[a-z]+=.*$/i, '').toLowerCase();
  const at = bare.lastIndexOf('@');
  const local = bare.slice(0, Math.max(at, 0));
  if (/@[^@]*[;,/\s][^@]*@/.test(bare)) return rejection('SEVERAL_VALUES');
  if (/\*{2,}/.test(local)) return rejection('MASKED');
  const domain = at > 0 ? asciiHost(bare.slice(at + 1)) : null;
  if (domain === null || !LOCAL.test(local) || /^\.|\.\.|\.$/.test(local) || !isMailDomain(domain)) return rejection('EMAIL_INVALID');
  return { forms: [exactForm('email', `${local}@${domain}`), weakForm('email_base', mailboxOf(local, domain))] };
}

export const emailNormaliser: Normaliser = screened({
  kind: 'email',
  version: 2,
  description: {
    en: 'e-mail address',
    zh: '电子邮箱地址',
  },
  entropy: 'enumerable',
  weakForms: ['email_base'],
  maxLength: 512,
  examples: () => [
    { raw: 'mailto:Help.Desk@EXAMPLE.COM', canonical: 'help.desk@example.com' },
    { raw: '客服 <kefu+7@example.com>', canonical: 'kefu+7@example.com' },
    { raw: 'kefu[at]example[dot]com', canonical: 'kefu@example.com' },
    { raw: '邮箱：Kefu+Promo@ProtonMail.com（客服）', canonical: 'kefu+promo@protonmail.com' },
    { raw: 'kefu at example dot com', canonical: 'kefu@example.com' },
    { raw: 'ｋｅｆｕ＠ｅｘａｍｐｌｅ．ｃｏｍ', canonical: 'kefu@example.com' },
  ],
  rejects: () => [
    { raw: 'kefu.example.com', code: 'EMAIL_INVALID' },
    { raw: 'kefu@localhost', code: 'EMAIL_INVALID' },
    { raw: 'k***u@example.com', code: 'MASKED' },
    { raw: 'a@example.com;b@example.com', code: 'SEVERAL_VALUES' },
  ],
}, normaliseEmail);

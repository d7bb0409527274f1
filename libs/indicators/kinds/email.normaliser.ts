/**
 * E-mail addresses. RFC 5321 2.4 would let the local part be case-sensitive; no provider of note is, so all is lower case.
 * The domain goes through IDNA. Weak form `email_base`: the mailbox behind tags, dots and alias domains (data/mail-aliases.ts).
 */
import { mailboxOf } from '../data/mail-aliases.js';
import { exactForm, weakForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { asciiHost, isMailDomain } from '../text/host.js';
import { bareValue, unlabelled } from '../text/wrapping.js';

const LABEL = /^(?:mailto|[^\s@:=<]{0,12}(?:e-?mail|mail|邮箱|邮件|电邮)[^\s@:=<]{0,8}) ?[:=] ?/iu;
const ANGLE = /<([^<>]*@[^<>]*)>/;
/** `kefu at example dot com`, `kefu#example.com`. */
const SPELT_OUT = /^([\w.+-]{1,64})(?: at |#)([\w-]+(?:(?: dot |\.)[\w-]+)+)$/i;
const ADDRESSES = /[^\s"(),:;<>@[\\\]、|/或和]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gu;
/** RFC 5321 atoms, with the letters of RFC 6531. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}$/u;

/** Two addresses in one cell; one that stands there twice, as mail programs write it, is one. */
function isSeveral(text: string): boolean {
  return new Set(text.toLowerCase().match(ADDRESSES) ?? []).size > 1;
}

function withoutDisguise(text: string): string {
  return text.replace(SPELT_OUT, (_, local: string, host: string) => `${local}@${host.replace(/ dot /gi, '.')}`)
    .replace(/ ?[[({](?:at|@)[\])}] ?/i, '@').replace(/ ?[[({](?:dot|\.)[\])}] ?/gi, '.').replace(/ ?@ ?/, '@');
}

function normaliseEmail(text: string): NormaliseResult {
  if (isSeveral(text)) return rejection('SEVERAL_VALUES');
  let bare = withoutDisguise(bareValue(ANGLE.exec(text)?.[1] ?? text));
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = unlabelled(bare, LABEL);
    if (LABEL.test(simplifiedHan(bare.slice(0, 24)))) bare = bare.slice(bare.search(/[:=]/) + 1);
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
  version: 3,
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
    { raw: '【QQ郵箱：123456@qq.com】', canonical: '123456@qq.com' },
    { raw: 'ｋｅｆｕ＠ｅｘａｍｐｌｅ．ｃｏｍ', canonical: 'kefu@example.com' },
  ],
  rejects: () => [
    { raw: 'kefu.example.com', code: 'EMAIL_INVALID' },
    { raw: 'kefu@localhost', code: 'EMAIL_INVALID' },
    { raw: 'k***u@example.com', code: 'MASKED' },
    { raw: 'a@example.com;b@example.com', code: 'SEVERAL_VALUES' },
    { raw: 'A <a@example.com>, B <b@example.com>', code: 'SEVERAL_VALUES' },
  ],
}, normaliseEmail);

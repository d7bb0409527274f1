/**
 * A readable report of a verified package, Chinese and English side by side (Markdown). Deterministic: built from verified
 * content and pinned names only, no clock, no locale. Everything a contributor wrote is escaped: it must not be able to draw
 * headings, links or rows of its own.
 */
import { CATEGORIES, LEGAL_BASES, PURPOSES, TLPS, isCode, type Bilingual } from '#protocol';
import type { VerifiedContribution, VerifiedPackage } from './verify-package.js';

/** Markdown text ending in a newline. */
export function packageReport(verified: VerifiedPackage): string {
  const { envelope } = verified;
  const test = envelope.kind === 'TEST';
  const lines = [
    test ? '# 测试包 / Test package' : '# 联合案件线索包 / Joint case package',
    '',
    table([
      ['案件 / Case', envelope.case ?? '—'],
      ['包编号 / Package', envelope.id],
      ['摘要 / Digest (SHA-256)', verified.digest],
      ['类别 / Category', bilingual(CATEGORIES, envelope.category)],
      ['目的 / Purpose', bilingual(PURPOSES, envelope.purpose)],
      ['处理级别 / Handling', `TLP:${envelope.handling.replace('_', '+')} ${TLPS[envelope.handling].zh} / ${TLPS[envelope.handling].en}`],
      ['替代 / Supersedes', envelope.supersedes ?? '—'],
      ['贡献方 / Contributors', String(verified.contributions.length)],
    ]),
    '',
    '所有签名已用事先核对的密钥验证。中心只证明“这些内容一并送达”，不证明内容属实。匹配是线索，不是结论。',
    'Every signature was verified with pinned keys. The hub states that these parts were delivered together, never that they are true. A match is a lead, not a decision.',
    ...(test ? [] : ['', ...approvals(verified), ...verified.contributions.flatMap(contribution), ...custody(verified)]),
  ];
  return `${lines.join('\n')}\n`;
}

function approvals(verified: VerifiedPackage): string[] {
  const side = { LEAD: '牵头成员 / lead member', COORDINATOR: '协调方 / coordinator' } as const;
  return ['## 批准 / Approvals', '', table(verified.approvals.map((one) => [side[one.side], `${escaped(one.name)} · ${one.time}`])), ''];
}

function contribution(part: VerifiedContribution, index: number): string[] {
  const { payload, memberName } = part;
  const desk = payload.contactDesk;
  const basis = payload.legalBasis;
  return [
    `## ${index + 1}. ${escaped(memberName.nameZh)} / ${escaped(memberName.name)}`,
    '',
    table([
      ['联系窗口 / Contact desk', [desk.nameZh, desk.name, desk.phone, desk.email].filter((text) => text !== '').map(escaped).join(' · ')],
      ['合法性基础 / Legal basis', [bilingual(LEGAL_BASES, basis.code), basis.law, basis.article].filter((text) => text !== '').map(escaped).join(' · ')],
      ['最低处理级别 / Handling floor', `TLP:${payload.handlingFloor.replace('_', '+')}`],
      ['签署人 / Signing officer', escaped(part.officerName)],
      ['线索种类 / Kinds', payload.facets.kinds.map(escaped).join(', ')],
    ]),
    '',
    '| 文件 / File | 类型 / Type | 字节 / Bytes | SHA-256 |',
    '| --- | --- | --- | --- |',
    ...payload.contents.map((item) => `| ${escaped(item.path)} | ${escaped(item.mediaType)} | ${item.size} | ${item.sha256} |`),
    '',
    ...(payload.limitations.length > 0 ? ['限制 / Limitations:', '', ...payload.limitations.map((text) => `- ${escaped(text)}`), ''] : []),
    ...(payload.custody.length > 0 ? ['保管记录 / Custody:', '', ...payload.custody.map((step) => `- ${escaped(step.at)} ${escaped(step.act)}`), ''] : []),
  ];
}

function custody(verified: VerifiedPackage): string[] {
  return ['## 流转 / Delivery', '', ...verified.envelope.custody.map((step) => `- ${escaped(step.at)} ${escaped(step.act)}`)];
}

function table(rows: readonly (readonly [string, string])[]): string {
  return ['| 项目 / Item | 内容 / Content |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function bilingual<T extends Record<string, Bilingual>>(codes: T, code: string | null): string {
  return isCode(codes, code) ? `${codes[code]!.zh} / ${codes[code]!.en}` : escaped(code ?? '—');
}

/** Markdown and HTML specials become character references; line breaks, controls and bidirectional overrides become spaces. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\\`*_[\]{}<>()#|!&~]/g, (sign) => `&#${sign.codePointAt(0)!};`);
}

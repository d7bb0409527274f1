/**
 * Shape of a clue from outside: a hand-written reader, because a bulk upload judges tens of thousands a second and everything in a line
 * is chosen by whoever uploads it. Nothing is defaulted or repaired; an unknown member is a refusal, so that a misspelt word is
 * never silently dropped. The GraphQL mutation goes through the same reader.
 */
import { isUuid } from '#kernel';
import {
  CATEGORIES, isCode, LEGAL_BASES, LEVELS, MEANS, PROOF_FIELDS, PURPOSES, ROLES, TLPS, TEXT_BANDS, TOKEN_KINDS, WEAK_TOKEN_KINDS, type StatedBasis, type TokenKind, type TokenKindCode,
} from '#protocol';
import type { ClueForm, ClueMove, ClueStatement, Refusal } from './clue.model.js';

const FORMS_MAX = 8;
const DETAIL_CLASS = 256;
const DETAIL_CLASSES_MAX = 16;
/** Nonce and tag of the AEAD that seals the detail. */
const DETAIL_OVERHEAD_MAX = 64;
const TEXT_MAX = 200;

const MEMBERS = new Set(['clueId', 'epoch', 'kindVersion', 'forms', 'category', 'means', 'role', 'level', 'purpose', 'legalBasis', 'tlp', 'firstSeen', 'lastSeen',
  'approver', 'authorityReference', 'evidence', 'detail', 'bands', 'revision']);
const MOVE_MEMBERS = new Set(['clueId', 'epoch', 'kindVersion', 'forms', 'detail', 'bands']);
const TOKEN = /^[0-9a-f]{32}$/;
const KIND_VERSION = /^([a-z][a-z_]{1,31})@([1-9][0-9]{0,3})$/;
const DAY_OR_INSTANT = /^20\d{2}-[01]\d-[0-3]\d(?:T[0-2]\d:[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z)?$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
// Free text a person wrote: printable, one line. Control, format and unassigned characters have no place in it.
const LINE_OF_TEXT = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+$/u;

export function isRefusal(value: ClueStatement | ClueMove | Refusal): value is Refusal {
  return 'field' in value;
}

export function readClue(value: unknown): ClueStatement | Refusal {
  if (!isRecord(value)) return bad('clue');
  for (const name in value) if (!MEMBERS.has(name)) return bad('unknown member');
  const { clueId, epoch, category, means, role, level, purpose, tlp, firstSeen, lastSeen, revision } = value;
  if (!isUuid(clueId) || clueId[14] !== '7') return bad('clueId');
  if (!isWhole(epoch, 0, 0xffff_ffff)) return bad('epoch');
  const kind = readKind(value['kindVersion']);
  if ('code' in kind) return kind;
  const forms = readForms(value['forms'], kind.kind);
  if (!Array.isArray(forms)) return forms as Refusal;
  if (!isCode(CATEGORIES, category)) return bad('category');
  if (!isListOf(MEANS, means)) return bad('means');
  if (!isCode(ROLES, role)) return bad('role');
  if (!isCode(LEVELS, level)) return bad('level');
  if (!isCode(PURPOSES, purpose)) return bad('purpose');
  const legalBasis = readBasis(value['legalBasis']);
  if (legalBasis === null) return bad('legalBasis');
  if (!isCode(TLPS, tlp)) return bad('tlp');
  if (!isInstant(firstSeen)) return bad('firstSeen');
  if (!isInstant(lastSeen)) return bad('lastSeen');
  const approver = value['approver'] ?? null;
  if (approver !== null && !isText(approver)) return bad('approver');
  const authorityReference = value['authorityReference'] ?? null;
  if (authorityReference !== null && !isText(authorityReference)) return bad('authorityReference');
  const evidence = value['evidence'] ?? [];
  if (!isListOf(PROOF_FIELDS, evidence)) return bad('evidence');
  const { byBands = false }: TokenKind = TOKEN_KINDS[kind.kind];
  const content = readContent(value['detail'] ?? null, value['bands'] ?? null, byBands);
  if ('code' in content) return content;
  if (!isWhole(revision, 1, 0x7fff_ffff)) return bad('revision');
  return {
    clueId: clueId as ClueStatement['clueId'], epoch, ...kind, forms, category, means, role, level, purpose, legalBasis, tlp, firstSeen, lastSeen, approver,
    authorityReference, evidence, ...content, revision,
  };
}

/** New tokens of an own clue; the words of the clue stay as they were published. */
export function readMove(value: unknown): ClueMove | Refusal {
  if (!isRecord(value)) return bad('move');
  for (const name in value) if (!MOVE_MEMBERS.has(name)) return bad('unknown member');
  const { clueId, epoch } = value;
  if (!isUuid(clueId)) return bad('clueId');
  if (!isWhole(epoch, 0, 0xffff_ffff)) return bad('epoch');
  const kind = readKind(value['kindVersion']);
  if ('code' in kind) return kind;
  const forms = readForms(value['forms'], kind.kind);
  if (!Array.isArray(forms)) return forms as Refusal;
  const { byBands = false }: TokenKind = TOKEN_KINDS[kind.kind];
  const content = readContent(value['detail'] ?? null, value['bands'] ?? null, byBands);
  if ('code' in content) return content;
  return { clueId: clueId as ClueMove['clueId'], epoch, ...kind, forms, ...content };
}

/** A stated legal basis of the closed list, with law and article where one is needed; null when it is none. */
export function readBasis(value: unknown): StatedBasis | null {
  if (!isRecord(value)) return null;
  for (const name in value) if (name !== 'code' && name !== 'law' && name !== 'article') return null;
  const { code } = value;
  const law = value['law'] ?? null;
  const article = value['article'] ?? null;
  if (!isCode(LEGAL_BASES, code)) return null;
  if ((law !== null && !isText(law)) || (article !== null && (!isText(article) || article.length > 40))) return null;
  return { code, law, article };
}

function readKind(value: unknown): { kind: TokenKindCode; kindVersion: number } | Refusal {
  const parts = typeof value === 'string' ? KIND_VERSION.exec(value) : null;
  const kind = parts?.[1];
  if (!isCode(TOKEN_KINDS, kind) || !TOKEN_KINDS[kind].matched) return { code: 'KIND_UNKNOWN', field: 'kindVersion' };
  return { kind, kindVersion: Number(parts?.[2]) };
}

/** A text comes with its bands and nothing sealed; everything else with its sealed detail. */
function readContent(detail: unknown, bands: unknown, byBands: boolean): Pick<ClueStatement, 'detail' | 'bands'> | Refusal {
  if (!byBands) return bands !== null ? bad('bands') : isDetail(detail) ? { detail, bands: null } : bad('detail');
  if (detail !== null) return bad('detail');
  const whole = Array.isArray(bands) && bands.length === TEXT_BANDS && bands.every((band) => typeof band === 'string' && TOKEN.test(band)) && new Set(bands).size === TEXT_BANDS;
  return whole ? { detail: null, bands: bands as readonly string[] } : bad('bands');
}

function readForms(value: unknown, kind: string): readonly ClueForm[] | Refusal {
  if (!Array.isArray(value) || value.length < 1 || value.length > FORMS_MAX) return bad('forms');
  for (let i = 0; i < value.length; i++) {
    const form: unknown = value[i];
    if (!isRecord(form) || Object.keys(form).length !== 3) return bad('forms');
    if (typeof form['token'] !== 'string' || !TOKEN.test(form['token'])) return bad('forms.token');
    if (form['strength'] !== (i === 0 ? 'EXACT' : 'WEAK')) return bad('forms.strength');
    if (i === 0 ? form['kind'] !== kind : !isWeakKindOf(form['kind'], kind)) return { code: 'KIND_UNKNOWN', field: 'forms.kind' };
    for (let j = 0; j < i; j++) if ((value[j] as ClueForm).token === form['token']) return bad('forms.token');
  }
  return value as readonly ClueForm[];
}

function isWeakKindOf(weak: unknown, kind: string): boolean {
  return isCode(WEAK_TOKEN_KINDS, weak) && (WEAK_TOKEN_KINDS[weak].of as readonly string[]).includes(kind);
}
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isWhole(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}
function isListOf<T extends object>(table: T, value: unknown): value is (keyof T & string)[] {
  return Array.isArray(value) && value.length <= 32 && value.every((code) => isCode(table, code)) && new Set(value).size === value.length;
}
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= TEXT_MAX && value.trim() === value && LINE_OF_TEXT.test(value);
}
function isInstant(value: unknown): value is string {
  return typeof value === 'string' && DAY_OR_INSTANT.test(value) && isRealDay(value);
}
/** Date.parse takes 31 April for 1 May. */
function isRealDay(value: string): boolean {
  const at = Date.parse(value);
  return !Number.isNaN(at) && new Date(at).getUTCDate() === Number(value.slice(8, 10));
}
/** Padded to classes of 256 bytes before sealing, so that a length tells nothing; nonce and tag come on top. */
function isDetail(value: unknown): value is string {
  if (typeof value !== 'string' || !BASE64URL.test(value) || value.length % 4 === 1) return false;
  const bytes = Math.floor((value.length * 3) / 4);
  return bytes >= DETAIL_CLASS && bytes <= DETAIL_CLASSES_MAX * DETAIL_CLASS + DETAIL_OVERHEAD_MAX && bytes % DETAIL_CLASS <= DETAIL_OVERHEAD_MAX;
}
function bad(field: string): Refusal {
  return { code: 'BAD_INPUT', field };
}

/**
 * What a member contributes: its own rows for the overlaps of the case, as CSV and as STIX objects, and files it adds. Raw values
 * leave the vault here, and only into a ciphertext for the liaison's pinned keys.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '#crypto';
import { DomainError, type ClueId, type Json } from '#kernel';
import type { ContactDesk, ContentItem, ContributionPayload, Handling } from '#protocol';
import { v7 as uuidv7 } from 'uuid';
import type { PartyHome } from '../keys/index.js';
import { stixObjectOf } from '../verify/stix-bundle.js';
import type { HubCase } from './case-view.js';

export interface EvidenceRow { readonly row: string; readonly kind: string; readonly value: string; readonly canonical: string; readonly firstSeen: string; readonly clueId: ClueId }
export interface ContributionParts {
  readonly rows: readonly EvidenceRow[];
  readonly files: readonly string[];
  readonly handlingFloor: Handling;
  readonly limitations: readonly string[];
}

/** @throws DomainError EVIDENCE_INSUFFICIENT when there is nothing to contribute; FILE_UNREADABLE */
export function contributionOf(home: PartyHome, one: HubCase, parts: ContributionParts, now = new Date()): ContributionPayload {
  const contents = [...(parts.rows.length > 0 ? [contentOf('rows.csv', 'text/csv', Buffer.from(rowsCsv(parts.rows), 'utf8'))] : []), ...parts.files.map(fileContent)];
  if (contents.length === 0) throw new DomainError('EVIDENCE_INSUFFICIENT', 'nothing to contribute');
  if (new Set(contents.map((item) => item.path)).size !== contents.length) throw new DomainError('BAD_INPUT', 'two files of one name', { option: '--file' });
  const objects = new Map(parts.rows.map((row) => stixObjectOf(row.kind, row.canonical)).map((object) => [String(object['id']), object]));
  return {
    v: 1, id: uuidv7(), case: one.id, member: home.party.partyId, recipients: one.recipients, purpose: one.purpose, legalBasis: one.legalBasis, handlingFloor: parts.handlingFloor,
    opening: randomBytes(32).toString('base64url'), contents, objects: [...objects.values()] as Json[],
    custody: [{ at: now.toISOString(), act: 'contribution.assembled' }], contactDesk: contactDeskOf(home), limitations: parts.limitations,
    facets: { kinds: [...new Set(parts.rows.map((row) => row.kind))].sort(), evidence: [...(parts.rows.length > 0 ? ['INDICATORS' as const] : []), ...(parts.files.length > 0 ? ['DOCUMENTS' as const] : [])], items: contents.length },
  };
}

/** RFC 4180. A cell that a spreadsheet would run as a formula is kept as it is: evidence is not edited; it is quoted. */
export function rowsCsv(rows: readonly EvidenceRow[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [['row', 'kind', 'value', 'canonical', 'first_seen'], ...rows.map((row) => [row.row, row.kind, row.value, row.canonical, row.firstSeen])]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

const MEDIA_TYPES: Readonly<Record<string, string>> = { '.csv': 'text/csv', '.txt': 'text/plain', '.json': 'application/json', '.pdf': 'application/pdf', '.png': 'image/png', '.jpg': 'image/jpeg', '.mp3': 'audio/mpeg', '.wav': 'audio/wav' };

function fileContent(file: string): ContentItem {
  try {
    return contentOf(plainName(file), MEDIA_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream', readFileSync(file));
  } catch (cause) {
    throw new DomainError('FILE_UNREADABLE', 'evidence file', { file: path.basename(file) }, { cause });
  }
}
/** What the liaison's verifier takes for a name: one plain segment. */
function plainName(file: string): string {
  const plain = path.basename(file).replace(/[^\p{L}\p{N}._-]/gu, '_').replace(/^[^\p{L}\p{N}]+/u, '');
  return plain === '' ? 'file' : plain.slice(-100).replace(/^[^\p{L}\p{N}]+/u, 'f');
}
function contentOf(name: string, mediaType: string, bytes: Buffer): ContentItem {
  return { path: name, mediaType, size: bytes.length, sha256: sha256Hex(bytes), blob: bytes.toString('base64url') };
}

/** The desk of public.json: one text, or its parts. */
function contactDeskOf(home: PartyHome): ContactDesk {
  const { contactDesk, name, nameZh } = home.publicFile();
  if (typeof contactDesk === 'string') return { name: contactDesk, nameZh: contactDesk, phone: '', email: '' };
  const desk = (contactDesk ?? {}) as Record<string, unknown>;
  const text = (key: string, usual = ''): string => (typeof desk[key] === 'string' ? desk[key] : usual);
  return { name: text('name', name), nameZh: text('nameZh', nameZh ?? name), phone: text('phone'), email: text('email') };
}

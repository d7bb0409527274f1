/** Seals a contribution and sends it. The file that is sent is kept, so that a run that was cut off sends the same bytes again. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { keyIdOf, sealContribution, sealedText, sha256Hex, type PrivateJwk } from '#crypto';
import { DomainError, canonicalJson, isDomainError, type Json } from '#kernel';
import { parseContribution } from '#protocol';
import { writePrivateFile, type PartyHome } from '../keys/index.js';
import { allPages, type HubOverlap } from '../query/index.js';
import { DOCUMENTS, type HubClient } from '../transport/index.js';
import type { Vault } from '../vault/index.js';
import type { HubCase } from './case-view.js';
import { contributionOf, type ContributionParts, type EvidenceRow } from './contribution-builder.js';
import { pinnedRecipientKeys } from './pinned-recipients.js';

export interface Contributed { readonly contributionId: string; readonly size: number; readonly sha256: string; readonly rows: number; readonly files: number }
interface Pending { readonly id: string; readonly opening: string; readonly rows: number; readonly files: number; readonly body: string; readonly sent: boolean }

/** The member's own rows for its overlaps of the case; rows whose raw value was purged are left out. */
export async function evidenceRows(hub: HubClient, vault: Vault, one: HubCase): Promise<EvidenceRow[]> {
  const wanted = new Set(one.ownOverlapIds);
  const rows: EvidenceRow[] = [];
  const seen = new Set<string>();
  for await (const overlap of allPages<HubOverlap>(hub, 'overlaps', DOCUMENTS.overlaps, { purpose: one.purpose, legalBasis: statedBasis(one) })) {
    if (!wanted.has(overlap.id) || overlap.state !== 'OPEN' || seen.has(overlap.clueId)) continue;
    seen.add(overlap.clueId);
    const record = await vault.clue(overlap.clueId);
    const opened = record && vault.openClue(overlap.clueId, record);
    if (!record || !opened) continue;
    for (const { row } of await vault.rowsOf(overlap.clueId)) {
      rows.push({ row, kind: record.kind, value: opened.raw, canonical: opened.canonical, firstSeen: opened.firstSeen, clueId: overlap.clueId });
    }
  }
  return rows.sort((a, b) => (a.row < b.row ? -1 : a.row > b.row ? 1 : 0));
}

/**
 * @throws DomainError KEY_NOT_TRUSTED before anything is sealed when the case names a key that is not pinned or the officer is not of this member;
 *   EVIDENCE_INSUFFICIENT, PAYLOAD_TOO_LARGE
 */
export async function contribute(home: PartyHome, hub: HubClient, one: HubCase, parts: ContributionParts, officer: PrivateJwk): Promise<Contributed> {
  assertOwnOfficer(home, officer);
  const keys = pinnedRecipientKeys(home.trust, one.liaisonId, one.recipients);
  const waiting = pendingOf(home, one.id).find((pending) => !pending.sent);
  if (waiting) return send(home, hub, one.id, waiting);
  const payload = parseContribution(contributionOf(home, one, parts));
  const jwe = await sealContribution(payload as unknown as Json, { evidence: home.privateKey('evidence'), officer }, keys);
  const body = canonicalJson({ id: payload.id, handlingFloor: payload.handlingFloor, facets: payload.facets as unknown as Json, jwe: jwe as unknown as Json });
  const pending = { id: payload.id, opening: payload.opening, rows: parts.rows.length, files: parts.files.length, body, sent: false };
  mkdirSync(folder(home, one.id), { recursive: true, mode: 0o700 });
  writePrivateFile(file(home, one.id, pending.id), JSON.stringify(pending));
  return send(home, hub, one.id, pending);
}

/** The hub cannot look into what is sealed: another party's officer would be found out by the liaison alone, when the package is sent. */
function assertOwnOfficer(home: PartyHome, officer: PrivateJwk): void {
  const kid = keyIdOf(officer);
  if (!home.publicFile().officers.some((one) => one.kid === kid)) throw new DomainError('KEY_NOT_TRUSTED', 'not an officer of this member', { use: 'officer' });
}

/** Openings of what this home contributed: for finding out from a receipt whether it was decrypted. */
export function ownOpenings(home: PartyHome, caseId: string): ReadonlyMap<string, string> {
  return new Map(pendingOf(home, caseId).map(({ id, opening }) => [id, opening]));
}

async function send(home: PartyHome, hub: HubClient, caseId: string, pending: Pending): Promise<Contributed> {
  const { jwe } = JSON.parse(pending.body) as { jwe: Parameters<typeof sealedText>[0] };
  const expected = sha256Hex(sealedText(jwe));
  try {
    const answer = await hub.rest({ method: 'POST', path: `/v1/cases/${caseId}/contributions`, headers: { 'content-type': 'application/json' }, body: pending.body });
    const { contributionId, size, sha256 } = answer.json<{ contributionId: string; size: number; sha256: string }>();
    if (sha256 !== expected || contributionId !== pending.id) throw new DomainError('DIGEST_MISMATCH', 'the hub stored something else');
    writePrivateFile(file(home, caseId, pending.id), JSON.stringify({ ...pending, body: '', sent: true }));
    return { contributionId, size, sha256, rows: pending.rows, files: pending.files };
  } catch (error) {
    if (isDomainError(error) && error.code !== 'UNREACHABLE') rmSync(file(home, caseId, pending.id), { force: true });
    throw error;
  }
}

function pendingOf(home: PartyHome, caseId: string): Pending[] {
  const dir = folder(home, caseId);
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.json')).sort().map((name) => JSON.parse(readFileSync(home.file('cases', caseId, name), 'utf8')) as Pending) : [];
}
function folder(home: PartyHome, caseId: string): string {
  return home.file('cases', caseId);
}
function file(home: PartyHome, caseId: string, id: string): string {
  return home.file('cases', caseId, `${id}.json`);
}
function statedBasis({ legalBasis }: HubCase): Record<string, string> {
  return { code: legalBasis.code, ...(legalBasis.law === '' ? {} : { law: legalBasis.law }), ...(legalBasis.article === '' ? {} : { article: legalBasis.article }) };
}

/**
 * Overlaps in terms of the member's own rows: the hub speaks of clue forms, the vault knows which rows (second
 * spellings too) stand for them. One line a row; where several forms of a clue overlap, the exact one speaks.
 */
import type { ClueId } from '#kernel';
import { BANDS, variantOf, type Band, type StatedBasis } from '#protocol';
import { DOCUMENTS } from '../transport/documents.js';
import type { HubClient } from '../transport/hub-client.js';
import type { Vault } from '../vault/vault.js';

export interface HubOverlap {
  readonly id: string;
  readonly clueId: ClueId;
  readonly kind: string;
  readonly strength: 'EXACT' | 'WEAK';
  readonly others: Band;
  readonly categories: readonly string[];
  readonly levels: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly impersonated: boolean;
  readonly state: 'OPEN' | 'WITHDRAWN';
  readonly openedAt: string;
  readonly changedAt: string;
}
export interface OverlapRow {
  readonly row: string;
  readonly line: number;
  /** Which file the row stands in: first half of its SHA-256. */
  readonly fileId: string;
  /** The file's word. */
  readonly kind: string;
  readonly strength: 'exact' | 'weak';
  /** What met: `canonical`, or the names of the weak variants, e.g. `core-name`. */
  readonly variants: readonly string[];
  /** How many other members. */
  readonly members: '1' | '2+';
  readonly categories: readonly string[];
  readonly levels: readonly string[];
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** Others hold it as misused by somebody, not as the culprit's. */
  readonly impersonated: boolean;
  readonly state: 'OPEN' | 'WITHDRAWN';
  readonly clueId: string;
  readonly overlapId: string;
}
export interface OverlapQuery {
  readonly purpose: string;
  readonly legalBasis: StatedBasis;
  readonly since: string | null;
  readonly withWithdrawn: boolean;
}
export interface OverlapAnswer {
  readonly rows: readonly OverlapRow[];
  /** Overlaps of clues that the vault does not know (purged, or published from another vault). */
  readonly unknownClues: number;
}

const PAGE = 100;
interface Connection<T> { readonly edges: readonly { readonly node: T }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } }

export async function queryOverlaps(hub: HubClient, vault: Vault, query: OverlapQuery): Promise<OverlapAnswer> {
  const byClue = new Map<ClueId, HubOverlap[]>();
  for await (const overlap of allPages<HubOverlap>(hub, 'overlaps', DOCUMENTS.overlaps, { since: query.since, purpose: query.purpose, legalBasis: query.legalBasis })) {
    if (overlap.state === 'OPEN' || query.withWithdrawn) byClue.set(overlap.clueId, [...(byClue.get(overlap.clueId) ?? []), overlap]);
  }
  const rows: OverlapRow[] = [];
  let unknownClues = 0;
  for (const [clueId, overlaps] of byClue) {
    const record = await vault.clue(clueId);
    if (record === undefined) { unknownClues += 1; continue; }
    const told = strongestOf(overlaps);
    const named = new Map((await vault.rowsOf(clueId)).reverse().map((ref) => [ref.row, ref])); // one file published in several encodings: one line
    for (const { row, line, fileId } of named.values()) rows.push({ row, line, fileId, kind: record.kind, ...told, clueId });
  }
  rows.sort((a, b) => (a.fileId === b.fileId ? a.line - b.line : a.fileId < b.fileId ? -1 : 1));
  return { rows, unknownClues };
}

/** Open before withdrawn, exact before weak; several weak forms are told together. */
export function strongestOf(overlaps: readonly HubOverlap[]): Omit<OverlapRow, 'row' | 'line' | 'fileId' | 'kind' | 'clueId'> {
  const open = overlaps.filter(({ state }) => state === 'OPEN');
  const standing = open.length > 0 ? open : overlaps;
  const exact = standing.filter(({ strength }) => strength === 'EXACT');
  const told = exact.length > 0 ? exact : standing;
  const dates = (field: 'firstSeen' | 'lastSeen'): string[] => told.flatMap((overlap) => overlap[field] ?? []).sort();
  const most = Math.max(...told.map(({ others }) => BANDS.indexOf(others)));
  return {
    strength: exact.length > 0 ? 'exact' : 'weak', variants: [...new Set(told.flatMap(({ kind }) => variantOf(kind) ?? []))].sort(), members: most >= BANDS.indexOf('TWO_OR_MORE') ? '2+' : '1',
    categories: [...new Set(told.flatMap(({ categories }) => categories))].sort(), levels: [...new Set(told.flatMap(({ levels }) => levels))].sort(),
    firstSeen: dates('firstSeen')[0] ?? null, lastSeen: dates('lastSeen').at(-1) ?? null, impersonated: told.some(({ impersonated }) => impersonated), state: told[0]!.state, overlapId: told[0]!.id,
  };
}

/** Every node of a connection, page by page; nulls of `variables` are left out. */
export async function* allPages<T>(hub: HubClient, field: string, document: string, variables: Readonly<Record<string, unknown>> = {}): AsyncGenerator<T> {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null));
  for (let after: string | null = null; ;) {
    const answer: Record<string, Connection<T>> = await hub.graphql(document, { ...given, first: PAGE, ...(after === null ? {} : { after }) });
    const { edges, pageInfo } = answer[field]!;
    yield* edges.map(({ node }) => node);
    if (!pageInfo.hasNextPage || pageInfo.endCursor === null) return;
    after = pageInfo.endCursor;
  }
}

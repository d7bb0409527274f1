/** Packages as parties see them: a liaison its own from OFFERED on, contributors and coordinators their state. */
import { Injectable } from '@nestjs/common';
import { DomainError, type CaseId, type ClueId, type PackageId, type PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { PackageKind } from '#protocol';
import type { PackageState } from './package.machine.js';
import type { PackageRow } from './package.model.js';

const COLUMNS = 'package_id as id, kind, case_id as "caseId", liaison_id as "liaisonId", state, digest, created_at as "createdAt", changed_at as "changedAt"';

export interface NewPackage {
  readonly id: PackageId;
  readonly kind: PackageKind;
  readonly caseId: CaseId | null;
  readonly liaisonId: PartyId;
  /** RFC 8785 text of the envelope payload with its approvals. */
  readonly payload: string;
}

@Injectable()
export class PackagesRepository {
  async add(tx: Tx, senderId: PartyId, one: NewPackage): Promise<void> {
    await tx.execute(`insert into tally.package (package_id, kind, case_id, sender_id, liaison_id, state, payload) values ($1, $2, $3, $4, $5, 'BUILDING', $6)`,
      [one.id, one.kind, one.caseId, senderId, one.liaisonId, one.payload]);
  }

  async find(tx: Tx, id: PackageId): Promise<PackageRow | null> {
    const [row] = await tx.query<PackageRow>(`select ${COLUMNS} from tally.package where package_id = $1`, [id]);
    return row ?? null;
  }

  async ofCase(tx: Tx, caseId: CaseId): Promise<PackageRow | null> {
    const [row] = await tx.query<PackageRow>(`select ${COLUMNS} from tally.package where case_id = $1`, [caseId]);
    return row ?? null;
  }

  /** A liaison's own package, locked; null for what is not its own or not offered. */
  async lockForLiaison(tx: Tx, liaisonId: PartyId, id: PackageId): Promise<PackageRow | null> {
    const [row] = await tx.query<PackageRow>(`select ${COLUMNS} from tally.package where package_id = $1 and liaison_id = $2 for update`, [id, liaisonId]);
    return row ?? null;
  }

  list(tx: Tx, liaisonId: PartyId, first: number, after: { readonly at: string; readonly id: string } | null): Promise<(PackageRow & { readonly position: string })[]> {
    return tx.query<PackageRow & { readonly position: string }>(
      `select ${COLUMNS}, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position from tally.package
        where liaison_id = $1 and ($2::timestamptz is null or (created_at, package_id) > ($2::timestamptz, $3::uuid)) order by created_at, package_id limit $4`,
      [liaisonId, after?.at ?? null, after?.id ?? null, first]);
  }

  /** From the approved payload: what a receipt of opening has to name. */
  contributionIds(tx: Tx, id: PackageId): Promise<string[]> {
    return tx.query<{ id: string }>(`select line ->> 'id' as id from tally.package, jsonb_array_elements(payload::jsonb -> 'contributions') line where package_id = $1`, [id])
      .then((rows) => rows.map((row) => row.id));
  }

  async size(tx: Tx, id: PackageId): Promise<number> {
    const [row] = await tx.query<{ size: number }>('select octet_length(content) as size from tally.package where package_id = $1', [id]);
    return row?.size ?? 0;
  }

  /** Bytes from..to, both included. */
  async slice(tx: Tx, id: PackageId, from: number, to: number): Promise<Buffer> {
    const [row] = await tx.query<{ part: Buffer }>('select substring(content from $2 for $3) as part from tally.package where package_id = $1', [id, from + 1, to - from + 1]);
    if (!row) throw new DomainError('NOT_FOUND', 'package');
    return row.part;
  }

  async move(tx: Tx, id: PackageId, from: PackageState, to: PackageState): Promise<void> {
    if (from === to) return;
    const moved = await tx.execute('update tally.package set state = $3, changed_at = now() where package_id = $1 and state = $2', [id, from, to]);
    if (moved !== 1) throw new DomainError('STATE_CONFLICT', 'package moved meanwhile');
  }

  /** Tells the liaisons of packages that rest on these clues of the caller. @returns how many packages */
  async noticeRetraction(tx: Tx, clueIds: readonly ClueId[]): Promise<number> {
    const [row] = await tx.query<{ notices: number }>('select tally.notice_retraction($1::uuid[]) as notices', [[...clueIds]]);
    return row?.notices ?? 0;
  }

  /** Has this liaison accepted a test package? Asked before its first real one. */
  async liaisonReady(tx: Tx, liaisonId: PartyId): Promise<boolean> {
    const [row] = await tx.query<{ ready: boolean }>('select tally.liaison_ready($1) as ready', [liaisonId]);
    return row?.ready ?? false;
  }
}

/** The worker's side of packages: builds, seals and offers them in nobody's name. */
import { Injectable } from '@nestjs/common';
import type { CaseId, PackageId, PartyId } from '#kernel';
import type { SystemScope } from '#platform/database';
import type { PackageKind } from '#protocol';
import type { PackageState } from './package.machine.js';

export interface BuildingPackage {
  readonly id: PackageId;
  readonly kind: PackageKind;
  readonly caseId: CaseId | null;
  readonly liaisonId: PartyId;
  readonly state: PackageState;
  readonly payload: string;
  readonly digest: string | null;
}

@Injectable()
export class DeliveryRepository {
  async lock(tx: SystemScope, id: PackageId): Promise<BuildingPackage | null> {
    const [row] = await tx.query<BuildingPackage>(
      `select package_id as id, kind, case_id as "caseId", liaison_id as "liaisonId", state, payload, digest from tally.package where package_id = $1 for update`, [id]);
    return row ?? null;
  }

  async move(tx: SystemScope, id: PackageId, state: PackageState): Promise<void> {
    await tx.execute('update tally.package set state = $2, changed_at = now() where package_id = $1', [id, state]);
  }

  /** The sealed contributions of a package that is being built, in the order of its payload. */
  parts(tx: SystemScope, id: PackageId): Promise<{ readonly id: string; readonly ciphertext: string }[]> {
    return tx.query('select contribution_id as id, ciphertext from tally.package_parts($1)', [id]);
  }

  async offer(tx: SystemScope, one: BuildingPackage, state: PackageState, content: Uint8Array, digest: string): Promise<void> {
    await tx.execute('update tally.package set state = $2, content = $3, digest = $4, changed_at = now() where package_id = $1', [one.id, state, Buffer.from(content), digest]);
    await tx.execute("insert into tally.inbox_entry (liaison_id, package_id, kind) values ($1, $2, 'OFFERED')", [one.liaisonId, one.id]);
  }

  /** After the offer: true when a clue under it was taken back meanwhile, which the liaison is told at once. */
  async noticeRetracted(tx: SystemScope, id: PackageId): Promise<boolean> {
    const [row] = await tx.query<{ told: boolean }>('select tally.notice_at_offer($1) as told', [id]);
    return row?.told ?? false;
  }

  async tellCase(tx: SystemScope, caseId: CaseId, what: string): Promise<void> {
    await tx.query('select tally.tell_case($1, $2)', [caseId, what]);
  }
}

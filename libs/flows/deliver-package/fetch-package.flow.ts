/** A liaison fetches a package: the first fetch is on record, the bytes come in slices so that a large one needs little memory. */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { PackagesRepository, movePackage, type PackageRow } from '#domain/liaison';
import { DomainError, isUuid, pageOf, type PackageId, type Page, type PageRequest } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';

export interface FetchedPackage { readonly id: string; readonly digest: string; readonly size: number }

@Injectable()
export class FetchPackageFlow {
  constructor(private readonly tenant: TenantTx, private readonly packages: PackagesRepository, private readonly audit: AuditIntake) {}

  /** @throws DomainError NOT_FOUND for what is not offered to this liaison */
  open(actor: Actor, id: string): Promise<FetchedPackage> {
    if (!isUuid(id)) throw new DomainError('NOT_FOUND', 'package');
    return this.tenant.run(actor, async (tx) => {
      const row = await this.packages.lockForLiaison(tx, actor.partyId, id as PackageId);
      if (row?.digest == null) throw new DomainError('NOT_FOUND', 'package');
      const next = movePackage(row.state, 'fetch');
      if (next !== row.state) {
        await this.packages.move(tx, row.id, row.state, next);
        await this.audit.append(tx, { kind: 'package.fetched', package: row.id, digest: row.digest });
      }
      return { id: row.id, digest: row.digest, size: await this.packages.size(tx, row.id) };
    });
  }

  slice(actor: Actor, id: string, from: number, to: number): Promise<Buffer> {
    return this.tenant.run(actor, (tx) => this.packages.slice(tx, id as PackageId, from, to));
  }

  /** The liaison's packages, oldest first. */
  list(actor: Actor, { first, after }: PageRequest): Promise<Page<PackageRow>> {
    return this.tenant.run(actor, async (tx) => {
      const rows = await this.packages.list(tx, actor.partyId, first + 1, after === null ? null : decodePosition(after));
      return pageOf(rows, first, (row) => Buffer.from(`${row.position} ${row.id}`).toString('base64url'));
    });
  }
}

function decodePosition(cursor: string): { at: string; id: string } {
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{8,15}Z$/.test(at ?? '') || !isUuid(id)) throw new DomainError('BAD_INPUT', 'cursor');
  return { at: at!, id };
}

/**
 * Answers what the network knows about a member's own clues. Each answer states its purpose and legal basis and leaves a record in the
 * same transaction: who, when, why, how many asked, how many given.
 */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { OverlapsRepository, type Overlap, type PartyEvent, type StatedPurpose } from '#domain/overlaps';
import { DomainError, type OverlapId, type Page, type PageRequest } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { assertStated } from './stated-purpose.policy.js';

@Injectable()
export class QueryOverlapsFlow {
  constructor(private readonly tenant: TenantTx, private readonly overlaps: OverlapsRepository, private readonly audit: AuditIntake) {}

  async list(actor: Actor, stated: StatedPurpose, page: PageRequest, since: Date | null): Promise<Page<Overlap>> {
    assertStated(stated);
    return this.tenant.run({ ...actor, purpose: stated.purpose }, async (tx) => {
      const found = await this.overlaps.list(tx, actor.partyId, page, since);
      const disclosureId = await this.overlaps.record(tx, actor.partyId, 'OVERLAPS', stated, page.first, found.items.length);
      await this.audit.append(tx, { kind: 'overlaps.listed', disclosureId, purpose: stated.purpose, given: found.items.length });
      return found;
    });
  }

  /** @throws DomainError NOT_FOUND, the same for absent and another member's */
  async find(actor: Actor, stated: StatedPurpose, id: OverlapId): Promise<Overlap> {
    assertStated(stated);
    return this.tenant.run({ ...actor, purpose: stated.purpose }, async (tx) => {
      const overlap = await this.overlaps.find(tx, actor.partyId, id);
      if (overlap === null) throw new DomainError('NOT_FOUND', 'overlap');
      const disclosureId = await this.overlaps.record(tx, actor.partyId, 'OVERLAP', stated, 1, 1);
      await this.audit.append(tx, { kind: 'overlaps.read', disclosureId, overlapId: id, purpose: stated.purpose });
      return overlap;
    });
  }

  /** What has changed for the party: ids to look up, no content, hence no disclosure. */
  events(actor: Actor, page: PageRequest): Promise<Page<PartyEvent>> {
    return this.tenant.run(actor, (tx) => this.overlaps.events(tx, page));
  }
}

/** Closes a bulk publication and asks for its match, once; tells how far it is. */
import { Injectable } from '@nestjs/common';
import { AuditIntake } from '#domain/audit';
import { PublicationsRepository, type PublicationStatus } from '#domain/clues';
import type { PublicationId } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Outbox } from '#platform/queue';

@Injectable()
export class FinishPublicationFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly publications: PublicationsRepository, private readonly audit: AuditIntake, private readonly outbox: Outbox,
  ) {}

  /** @param chunks How many the publisher sent (then none may be missing), or null. */
  run(actor: Actor, publicationId: PublicationId, chunks: number | null): Promise<PublicationStatus> {
    return this.tenant.run(actor, async (tx) => {
      const memberId = actor.partyId;
      const now = await this.publications.finish(tx, memberId, publicationId, chunks);
      const status = await this.publications.status(tx, memberId, publicationId);
      if (now) {
        await this.outbox.append(tx, 'overlaps.match', { memberId, publicationId }, { orderingKey: memberId });
        const { accepted, alreadyKnown, refused } = status;
        await this.audit.append(tx, { kind: status.via === 'MOVE' ? 'clues.moved' : 'clues.published', publicationId, accepted, alreadyKnown, refused });
      }
      return status;
    });
  }

  status(actor: Actor, publicationId: PublicationId): Promise<PublicationStatus> {
    return this.tenant.run(actor, (tx) => this.publications.status(tx, actor.partyId, publicationId));
  }
}

import { Injectable } from '@nestjs/common';
import { CluesRepository, type OwnClue } from '#domain/clues';
import type { Page, PageRequest } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';

/** A member's own clues, as the hub holds them. */
@Injectable()
export class OwnCluesFlow {
  constructor(private readonly tenant: TenantTx, private readonly clues: CluesRepository) {}

  run(actor: Actor, page: PageRequest): Promise<Page<OwnClue>> {
    return this.tenant.run(actor, (tx) => this.clues.list(tx, actor.partyId, page));
  }
}

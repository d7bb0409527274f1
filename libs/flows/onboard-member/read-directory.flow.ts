/** Reading the directory: the coordinator's list, the public keys of one party, the content of the status list. */
import { Injectable } from '@nestjs/common';
import { Directory, PartiesRepository, PartyUnknownError, type ListedParty, type PartyCard, type PartyKey } from '#domain/members';
import { DomainError, isUuid, type Page, type PageRequest, type PartyId } from '#kernel';
import { SystemTx, TenantTx, type Actor } from '#platform/database';

@Injectable()
export class ReadDirectoryFlow {
  constructor(private readonly tenant: TenantTx, private readonly system: SystemTx, private readonly directory: Directory, private readonly parties: PartiesRepository) {}

  /** The actor's own entry. @throws DomainError NOT_FOUND */
  self(actor: Actor): Promise<PartyCard> {
    return this.tenant.run(actor, async (tx) => {
      const party = await this.directory.party(tx, actor.partyId);
      if (party === null) throw new PartyUnknownError();
      return party;
    });
  }

  list(actor: Actor, page: PageRequest): Promise<Page<ListedParty>> {
    if (page.after !== null && !isUuid(page.after)) throw new DomainError('BAD_INPUT', 'cursor', { reason: 'after' });
    return this.tenant.run(actor, (tx) => this.parties.list(tx, page));
  }

  /** Public keys in force, to compare with pinned ones. @throws DomainError NOT_FOUND */
  keys(actor: Actor, party: PartyId): Promise<PartyKey[]> {
    return this.tenant.run(actor, async (tx) => {
      if (await this.directory.party(tx, party) === null) throw new PartyUnknownError();
      return (await this.directory.keys(tx, party)).filter(({ revokedAt }) => revokedAt === null);
    });
  }

  /** Who is suspended now, and which database cluster says so. */
  standing(): Promise<{ suspended: PartyId[]; cluster: string }> {
    return this.system.run(async (tx) => ({ suspended: await this.directory.suspended(tx), cluster: await this.directory.cluster(tx) }));
  }
}

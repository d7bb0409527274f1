import { Query, Resolver } from '@nestjs/graphql';
import { Directory } from '#domain/members';
import { Allow, CurrentCaller, UnauthenticatedError, type Caller } from '#platform/auth';
import { TenantTx } from '#platform/database';
import { Me } from './me.object.js';

@Resolver()
export class MeResolver {
  constructor(private readonly tenant: TenantTx, private readonly directory: Directory) {}

  @Allow('self:read')
  @Query(() => Me, { description: 'Who the caller is: the simplest operation through all layers.' })
  async me(@CurrentCaller() { actor, scopes }: Caller): Promise<Me> {
    const party = await this.tenant.run(actor, (tx) => this.directory.party(tx, actor.partyId));
    if (party === null) throw new UnauthenticatedError('party');
    const { role, name, nameZh } = party;
    return { partyId: actor.partyId, role, name, nameZh, clientId: actor.clientId, scopes: [...scopes].sort() };
  }
}

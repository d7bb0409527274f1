import { Query, Resolver } from '@nestjs/graphql';
import { ReadDirectoryFlow } from '#flows/onboard-member';
import { Allow, CurrentCaller, type Caller } from '#platform/auth';
import { Me } from './me.object.js';

@Resolver()
export class MeResolver {
  constructor(private readonly read: ReadDirectoryFlow) {}

  @Allow('self:read')
  @Query(() => Me, { description: 'Who the caller is: the simplest operation through all layers.' })
  async me(@CurrentCaller() { actor, scopes }: Caller): Promise<Me> {
    const { role, name, nameZh } = await this.read.self(actor);
    return { partyId: actor.partyId, role, name, nameZh, clientId: actor.clientId, scopes: [...scopes].sort() };
  }
}

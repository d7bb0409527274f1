import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ChangeStandingFlow, ReadDirectoryFlow } from '#flows/onboard-member';
import type { ListedParty } from '#domain/members';
import type { PartyId } from '#kernel';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { connection, PageArgs, pageRequest, type Connection } from '../graphql/page.js';
import { Uuid } from '../graphql/scalars.js';
import { PartyKeyObject, PartyObject, PartyPage, ProposeAdmissionInput, SignedActInput } from './party.object.js';

const INPUT = { description: 'The signed statement.' };

@Resolver()
export class PartiesResolver {
  constructor(private readonly change: ChangeStandingFlow, private readonly read: ReadDirectoryFlow) {}

  @Allow('members:admin')
  @Query(() => PartyPage, { description: 'All parties, in order of id. Coordinators only.' })
  async parties(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<Connection<ListedParty>> {
    return connection(await this.read.list(actor, pageRequest(page)));
  }

  @Allow('self:read')
  @Query(() => [PartyKeyObject], { description: 'Public keys in force of one party whose id the caller knows, to compare with pinned ones.' })
  async partyKeys(@CurrentActor() actor: Actor, @Args('partyId', { type: () => Uuid, description: 'Id of the party.' }) partyId: string): Promise<PartyKeyObject[]> {
    const keys = await this.read.keys(actor, partyId as PartyId);
    return keys.map(({ kid, use, jwk, validFrom }) => ({ kid, use, x: jwk.x, y: jwk.y, validFrom }));
  }

  @Allow('members:admin')
  @Mutation(() => PartyObject, { description: 'Proposes to admit a party: the first of two officers of coordinators.' })
  proposeAdmission(@CurrentActor() actor: Actor, @Args('input', INPUT) input: ProposeAdmissionInput): Promise<ListedParty> {
    return this.change.proposeAdmission(actor, input);
  }

  @Allow('members:admin')
  @Mutation(() => PartyObject, { description: 'Admits a proposed party: the second officer, who may not be the first.' })
  approveAdmission(@CurrentActor() actor: Actor, @Args('input', INPUT) input: SignedActInput): Promise<ListedParty> {
    return this.change.approveAdmission(actor, input);
  }

  @Allow('members:admin')
  @Mutation(() => PartyObject, { description: 'Suspends a party at once: one officer. Its tokens end and key-holders refuse it within 5 s.' })
  suspendParty(@CurrentActor() actor: Actor, @Args('input', INPUT) input: SignedActInput): Promise<ListedParty> {
    return this.change.suspend(actor, input);
  }

  @Allow('members:admin')
  @Mutation(() => PartyObject, { description: 'Ends a suspension: the first call proposes, a second by another officer lifts.' })
  liftSuspension(@CurrentActor() actor: Actor, @Args('input', INPUT) input: SignedActInput): Promise<ListedParty> {
    return this.change.liftSuspension(actor, input);
  }
}

import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ChangeEpochFlow } from '#flows/rotate-epoch';
import type { RegisteredEpoch } from '#domain/epochs';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { EpochChangeInput, EpochObject } from './epoch.object.js';

const INPUT = { description: 'The signed document and the statement.' };

@Resolver()
export class EpochsResolver {
  constructor(private readonly change: ChangeEpochFlow) {}

  @Allow('self:read')
  @Query(() => [EpochObject], { description: 'The register of epochs, newest first.' })
  epochs(@CurrentActor() actor: Actor): Promise<RegisteredEpoch[]> {
    return this.change.list(actor);
  }

  @Allow('members:admin')
  @Mutation(() => [EpochObject], { description: 'Announces an epoch whose manifest at least t key-holders signed; the ones before it end with the overlap.' })
  announceEpoch(@CurrentActor() actor: Actor, @Args('input', INPUT) input: EpochChangeInput): Promise<RegisteredEpoch[]> {
    return this.change.announce(actor, input);
  }

  @Allow('members:admin')
  @Mutation(() => [EpochObject], { description: 'Ends an epoch at once, on the word of at least t key-holders: its tokens match nothing from now on and are erased.' })
  stopEpoch(@CurrentActor() actor: Actor, @Args('input', INPUT) input: EpochChangeInput): Promise<RegisteredEpoch[]> {
    return this.change.stop(actor, input);
  }
}

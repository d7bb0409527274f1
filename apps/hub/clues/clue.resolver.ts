import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { OwnCluesFlow, PublishCluesFlow } from '#flows/publish-clues';
import { RetractClueFlow } from '#flows/retract-clue';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { connection, PageArgs, pageRequest } from '../graphql/page.js';
import { PublishCluesInput, RetractCluesInput } from './clue.input.js';
import { ClueConnection, PublishCluesPayload, RetractCluesPayload } from './clue.object.js';

@Resolver()
export class ClueResolver {
  constructor(private readonly publish: PublishCluesFlow, private readonly own: OwnCluesFlow, private readonly retract: RetractClueFlow) {}

  @Allow('clues:publish')
  @Mutation(() => PublishCluesPayload, { description: 'Publishes a small batch of clues. Each is judged alone; overlaps follow.' })
  publishClues(@CurrentActor() actor: Actor, @Args('input', { description: 'The clues.' }) input: PublishCluesInput) {
    return this.publish.run(actor, input);
  }

  @Allow('clues:retract')
  @Mutation(() => RetractCluesPayload, { description: 'Takes own clues back: they stop matching at once, open overlaps turn withdrawn, and whoever was answered is told.' })
  retractClues(@CurrentActor() actor: Actor, @Args('input', { description: 'Which, and why.' }) input: RetractCluesInput) {
    return this.retract.run(actor, input);
  }

  @Allow('clues:read')
  @Query(() => ClueConnection, { description: "The caller's own clues." })
  async clues(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<ClueConnection> {
    return connection(await this.own.run(actor, pageRequest(page)));
  }
}

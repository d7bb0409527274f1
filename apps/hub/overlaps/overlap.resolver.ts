import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CheckTokensFlow, QueryOverlapsFlow } from '#flows/query-overlaps';
import type { OverlapId } from '#kernel';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { connection, PageArgs, pageRequest } from '../graphql/page.js';
import { CheckTokensInput, OverlapArgs, OverlapsArgs } from './overlap.input.js';
import { CheckTokensPayload, Overlap, OverlapConnection, PartyEventConnection } from './overlap.object.js';

@Resolver()
export class OverlapResolver {
  constructor(private readonly query: QueryOverlapsFlow, private readonly check: CheckTokensFlow) {}

  @Allow('overlaps:read')
  @Query(() => OverlapConnection, { description: "Overlaps of the caller's own clues." })
  async overlaps(@CurrentActor() actor: Actor, @Args() args: OverlapsArgs): Promise<OverlapConnection> {
    return connection(await this.query.list(actor, args, pageRequest(args), args.since ?? null));
  }

  @Allow('overlaps:read')
  @Query(() => Overlap, { description: 'One overlap of an own clue. Absent and not yours look the same.' })
  overlap(@CurrentActor() actor: Actor, @Args() args: OverlapArgs) {
    return this.query.find(actor, args, args.id as OverlapId);
  }

  @Allow('clues:check')
  @Mutation(() => CheckTokensPayload, { description: 'Asks whether others hold these tokens. Debits the quota and leaves a record.' })
  checkTokens(@CurrentActor() actor: Actor, @Args('input', { description: 'The tokens, and why.' }) input: CheckTokensInput) {
    return this.check.run(actor, input);
  }

  @Allow('events:read')
  @Query(() => PartyEventConnection, { description: "The caller's events, oldest first." })
  async events(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<PartyEventConnection> {
    return connection(await this.query.events(actor, pageRequest(page)));
  }
}

import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AnswerInvitationFlow, ApproveCaseFlow, ProposeCaseFlow, ReadCaseFlow, WithdrawCaseFlow } from '#flows/joint-case';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { PageArgs, connection, pageRequest } from '../graphql/page.js';
import { Uuid } from '../graphql/scalars.js';
import { caseObject } from './case-view.js';
import { AnswerInvitationInput, ApproveCaseInput, ProposeCaseInput, WithdrawCaseInput } from './case.input.js';
import { ApproveCasePayload, CasePayload, JointCaseConnection, JointCaseObject } from './case.object.js';

@Resolver()
export class CaseResolver {
  constructor(private readonly proposing: ProposeCaseFlow, private readonly answering: AnswerInvitationFlow, private readonly approving: ApproveCaseFlow,
    private readonly withdrawing: WithdrawCaseFlow, private readonly reading: ReadCaseFlow) {}

  @Allow('cases:write')
  @Mutation(() => CasePayload, { description: 'Proposes a joint case from own overlaps. The counterparts are asked; the caller is not told who they are.' })
  proposeCase(@CurrentActor() actor: Actor, @Args('input', { description: 'The case.' }) input: ProposeCaseInput): Promise<CasePayload> {
    return this.proposing.run(actor, input);
  }

  @Allow('cases:write')
  @Mutation(() => CasePayload, { description: 'Joins or declines a case.' })
  answerInvitation(@CurrentActor() actor: Actor, @Args('input', { description: 'The answer.' }) input: AnswerInvitationInput): Promise<CasePayload> {
    return this.answering.run(actor, input);
  }

  @Allow('cases:write', 'cases:approve')
  @Mutation(() => ApproveCasePayload, { description: 'Approves what a case will send: once by an officer of the lead who did not propose, once by one of the coordinator.' })
  approveCase(@CurrentActor() actor: Actor, @Args('input', { description: 'The approval.' }) input: ApproveCaseInput): Promise<ApproveCasePayload> {
    return this.approving.run(actor, input);
  }

  @Allow('cases:write')
  @Mutation(() => CasePayload, { description: 'Takes a case back; for its lead, until the liaison has fetched the package.' })
  withdrawCase(@CurrentActor() actor: Actor, @Args('input', { description: 'The case.' }) input: WithdrawCaseInput): Promise<CasePayload> {
    return this.withdrawing.run(actor, input);
  }

  @Allow('cases:read')
  @Query(() => JointCaseObject, { description: 'One case. Unknown and not yours look the same.' })
  async jointCase(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid, description: 'Id of the case.' }) id: string): Promise<JointCaseObject> {
    return caseObject(await this.reading.one(actor, id));
  }

  @Allow('cases:read')
  @Query(() => JointCaseConnection, { description: 'Cases in which the caller has a part; for a coordinator, all.' })
  async jointCases(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<JointCaseConnection> {
    const { items, hasNextPage } = await this.reading.list(actor, pageRequest(page));
    return connection({ items: items.map(({ node, cursor }) => ({ node: caseObject(node), cursor })), hasNextPage });
  }
}

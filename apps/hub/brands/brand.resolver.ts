import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { BrandAlertsFlow, GiveWarnedTokensFlow, RegisterBrandFlow } from '#flows/protect-brand';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { connection, PageArgs, pageRequest } from '../graphql/page.js';
import { GiveWarnedTokensInput, RegisterBrandInput, SendBrandAlertInput } from './brand.input.js';
import { BrandAlertConnection, BrandAlertReceipt, BrandConnection, BrandReceipt, WarnedTokensReceipt } from './brand.object.js';

@Resolver()
export class BrandResolver {
  constructor(private readonly register: RegisterBrandFlow, private readonly alerts: BrandAlertsFlow, private readonly warned: GiveWarnedTokensFlow) {}

  @Allow('brands:read')
  @Query(() => BrandConnection, { description: 'The registry of brands, for agents to verify.' })
  async brands(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<BrandConnection> {
    return connection(await this.alerts.registry(actor, pageRequest(page)));
  }

  @Allow('brands:write')
  @Mutation(() => BrandReceipt, { description: 'Registers, changes or withdraws an own brand.' })
  registerBrand(@CurrentActor() actor: Actor, @Args('input', { description: 'The statement.' }) input: RegisterBrandInput) {
    return this.register.run(actor, input);
  }

  @Allow('brands:write')
  @Mutation(() => BrandAlertReceipt, { description: "Passes an alert on to the brand's owner, without saying from whom." })
  sendBrandAlert(@CurrentActor() actor: Actor, @Args('input', { description: 'The alert.' }) input: SendBrandAlertInput) {
    return this.alerts.send(actor, input);
  }

  @Allow('brands:write')
  @Mutation(() => WarnedTokensReceipt, { description: 'Gives tokens of a warning list as this member computed them. One is in force when enough members gave it.' })
  giveWarnedTokens(@CurrentActor() actor: Actor, @Args('input', { description: 'The tokens.' }) input: GiveWarnedTokensInput) {
    return this.warned.run(actor, input);
  }

  @Allow('brands:read')
  @Query(() => BrandAlertConnection, { description: "Alerts about the caller's own brands." })
  async brandAlerts(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<BrandAlertConnection> {
    return connection(await this.alerts.received(actor, pageRequest(page)));
  }
}

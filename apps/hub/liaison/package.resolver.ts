import { Args, Field, InputType, Mutation, Query, Resolver } from '@nestjs/graphql';
import { IsDefined } from 'class-validator';
import { FetchPackageFlow, SendTestPackageFlow } from '#flows/deliver-package';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { PackageConnection, SendTestPackagePayload } from '../cases/case.object.js';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { PageArgs, connection, pageRequest } from '../graphql/page.js';
import { Uuid } from '../graphql/scalars.js';

@InputType({ description: 'A test package to send.' })
export class SendTestPackageInput extends IdempotentInput {
  @Field(() => Uuid, { description: 'The liaison.' })
  @IsDefined()
  liaisonId!: string;
}

@Resolver()
export class PackageResolver {
  constructor(private readonly fetching: FetchPackageFlow, private readonly testing: SendTestPackageFlow) {}

  @Allow('packages:read')
  @Query(() => PackageConnection, { description: "The calling liaison's packages." })
  async packages(@CurrentActor() actor: Actor, @Args() page: PageArgs): Promise<PackageConnection> {
    return connection(await this.fetching.list(actor, pageRequest(page)));
  }

  @Allow('packages:test')
  @Mutation(() => SendTestPackagePayload, { description: 'Sends an empty package: a liaison accepts one before its first case.' })
  sendTestPackage(@CurrentActor() actor: Actor, @Args('input', { description: 'To whom.' }) input: SendTestPackageInput): Promise<SendTestPackagePayload> {
    return this.testing.run(actor, input);
  }
}

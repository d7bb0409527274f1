import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { AccessMap } from '#platform/auth';
import { DomainError } from '#kernel';

/** The schema that was built has no root field that discovery did not see: a field from anywhere else stops the boot. */
@Injectable()
export class SchemaAccessProof implements OnApplicationBootstrap {
  constructor(private readonly host: GraphQLSchemaHost, private readonly map: AccessMap) {}

  onApplicationBootstrap(): void {
    const { schema } = this.host;
    const known = new Set(this.map.operations.map(({ name }) => name));
    const roots = [['query', schema.getQueryType()], ['mutation', schema.getMutationType()], ['subscription', schema.getSubscriptionType()]] as const;
    const unknown = roots.flatMap(([kind, type]) => Object.keys(type?.getFields() ?? {}).map((field) => `${kind} ${field}`)).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new DomainError('CONFIG_INVALID', `refusing to boot: not in the access map: ${unknown.join(', ')}`);
  }
}

/** The hub's application, built but not listening and without a database: for printing its schema and access map. */
import 'reflect-metadata';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { DataSource } from 'typeorm';
import { generatePrivateJwk } from '#crypto';
import { systemClock } from '#kernel';
import { AccessMap, Authenticator, ReplayStore, type Operation } from '#platform/auth';
import { ContextSigner, SystemTx, TenantTx } from '#platform/database';
import { createEventLog } from '#platform/logging';
import { AppModule } from '../../apps/hub/app.module.js';
import { createHub } from '../../apps/hub/http-adapter.js';
import { HubConfig } from '../../apps/hub/hub.config.js';
import { HubOrigin, HubReadiness, type HubParts } from '../../apps/hub/platform.module.js';

export interface HubModel {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
  readonly operations: readonly Operation[];
}

const HEAD = '# The hub\'s GraphQL schema, printed from code by `npm run schema:graphql`. Do not edit.\n\n';

export async function hubModel(): Promise<HubModel> {
  const parts = unconnected();
  const app = await createHub(AppModule.with(parts), parts);
  await app.init();
  const { schema } = app.get(GraphQLSchemaHost);
  const model = { schema, sdl: `${HEAD}${printSchema(lexicographicSortSchema(schema))}\n`, operations: app.get(AccessMap).operations };
  await app.close();
  return model;
}

function unconnected(): HubParts {
  const config = Object.assign(new HubConfig(), {
    profile: 'test', federationId: 'none', hubId: 'none', federationPolicy: 'synthetic', issuer: 'http://auth.invalid', audience: 'urn:none',
    authJwksFile: '', statusKey: JSON.stringify(generatePrivateJwk()), contextKey: '0'.repeat(64), databaseUrl: 'postgresql://none@/none',
  });
  const source = new DataSource({ type: 'postgres' });
  const system = new SystemTx(source);
  const rules = { issuer: config.issuer, audience: config.audience, keys: () => { throw new Error('prints only'); }, origin: () => 'http://hub.invalid' };
  return {
    config, source, system, log: createEventLog({ app: 'print', level: 'error' }), tenant: new TenantTx(source, new ContextSigner(new Uint8Array(32))),
    origin: new HubOrigin(), authenticator: new Authenticator(rules, new ReplayStore(system), systemClock), readiness: new HubReadiness(system),
  };
}

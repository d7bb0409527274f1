/**
 * Apollo, with every limit on from the first day (docs/threat-model.md). Subscriptions are not installed; the landing
 * page is off in every profile; stack traces never leave; suggestions never leave; one request is one operation.
 */
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { ApolloDriver } from '@nestjs/apollo';
import type { GraphQLSchema } from 'graphql';
import type { EventLog } from '#platform/logging';
import type { HubConfig } from '../hub.config.js';
import { DOCUMENT_RULES, LIMITS } from './document-rules.js';
import { errorFormatter } from './format-error.js';
import { requestLimits } from './request-limits.plugin.js';

export const GRAPHQL_PATH = '/graphql';

/** Root types have no class to describe. */
function describeRoots(schema: GraphQLSchema): GraphQLSchema {
  const query = schema.getQueryType();
  const mutation = schema.getMutationType();
  if (query) query.description = 'What a caller may read; each field needs a scope (docs/generated/access-map.md).';
  if (mutation) mutation.description = 'What a caller may do: one field an operation, each with an idempotency key.';
  return schema;
}

export function graphqlOptions(config: Pick<HubConfig, 'profile'>, log: EventLog): ApolloDriverConfig {
  const production = config.profile === 'production';
  return {
    driver: ApolloDriver,
    path: GRAPHQL_PATH,
    autoSchemaFile: true,
    sortSchema: true,
    transformSchema: describeRoots,
    graphiql: false,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    nodeEnv: 'production',
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    cache: 'bounded',
    parseOptions: { maxTokens: LIMITS.documentTokens },
    validationRules: [...DOCUMENT_RULES],
    plugins: [requestLimits],
    autoTransformHttpErrors: false,
    fieldResolverEnhancers: [],
    formatError: errorFormatter(log, production),
    // The library's own words may quote a request.
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => { log.warn('graphql.unexpected'); } },
    // A fresh object each time: the library may write to it (@nestjs/graphql 14).
    context: ({ req }: { req: unknown }) => ({ req }),
  } as ApolloDriverConfig;
}

/**
 * What of an error leaves the hub: `{message, path, extensions: {code, correlationId, fields}}` and nothing else. The text
 * is the registry's; unknown errors are INTERNAL. Outside production the text of a document's own faults (parse and
 * validation, never variables: these hold values) is added as `reason` for developers.
 */
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError, isDomainError } from '#kernel';
import { fromFramework, publish } from '#platform/http';
import { correlationId, type EventLog } from '#platform/logging';
import { LimitError } from './document-rules.js';

const DOCUMENT_FAULTS = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE']);
const REQUEST_FAULTS = new Set([...DOCUMENT_FAULTS, 'BAD_USER_INPUT', 'BAD_REQUEST', 'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_NOT_FOUND']);

export function errorFormatter(log: EventLog, production: boolean): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  return (formatted, error) => {
    const known = domainErrorOf(formatted, error);
    if (known === null) log.error('graphql.failed', unwrapResolverError(error));
    const { code, message, correlationId: id, fields } = publish(known ?? error, correlationId() ?? 'none');
    const reason = !production && DOCUMENT_FAULTS.has(String(formatted.extensions?.['code'])) ? { reason: formatted.message } : {};
    return {
      message,
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: { code, correlationId: id, fields: { ...fields, ...reason } },
    };
  };
}

function domainErrorOf(formatted: GraphQLFormattedError, error: unknown): DomainError | null {
  const original = fromFramework(unwrapResolverError(error));
  for (const candidate of [original, (original as GraphQLError | null)?.originalError]) if (isDomainError(candidate)) return candidate;
  if (original instanceof LimitError || typeof formatted.extensions?.['tallyLimit'] === 'string') {
    return new DomainError('LIMIT_EXCEEDED', 'document over a limit', {
      limit: String(formatted.extensions?.['tallyLimit']), maximum: Number(formatted.extensions?.['tallyMaximum']),
    });
  }
  if (/contains more that \d+ tokens/.test(formatted.message)) return new DomainError('LIMIT_EXCEEDED', 'document over a limit', { limit: 'documentTokens' });
  return REQUEST_FAULTS.has(String(formatted.extensions?.['code'])) ? new DomainError('BAD_INPUT', 'request refused') : null;
}

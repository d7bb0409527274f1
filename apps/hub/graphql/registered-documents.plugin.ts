/**
 * In production only documents of the published list run: sha256 over the document's text, compared before parsing. The
 * list is a JSON file `{"documents": {"<sha256 hex>": "<operation name>"}}` named by TALLY_DOCUMENTS_FILE and made from
 * the SDK's documents by `npm run schema:graphql`. Other profiles run without it unless the file is given.
 */
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DomainError } from '#kernel';

export function readRegisteredDocuments(file: string): ReadonlySet<string> {
  const { documents } = JSON.parse(readFileSync(file, 'utf8')) as { documents?: Record<string, string> };
  const digests = Object.keys(documents ?? {});
  if (digests.length === 0 || !digests.every((digest) => /^[0-9a-f]{64}$/.test(digest))) {
    throw new DomainError('CONFIG_INVALID', 'TALLY_DOCUMENTS_FILE holds no list of documents');
  }
  return new Set(digests);
}

export function registeredDocuments(digests: ReadonlySet<string>): ApolloServerPlugin {
  return {
    async requestDidStart(): Promise<GraphQLRequestListener<object>> {
      return {
        async didResolveSource({ source }) {
          if (!digests.has(createHash('sha256').update(source).digest('hex'))) throw new DomainError('FORBIDDEN', 'document is not registered');
        },
      };
    },
  };
}

/**
 * The list of documents that a production hub executes, from the agent's own. Each must be valid against the schema and
 * within the hub's limits: a document that the hub would refuse does not get on the list.
 */
import { createHash } from 'node:crypto';
import { Kind, parse, specifiedRules, validate, type GraphQLSchema } from 'graphql';
import { BRAND_DOCUMENTS, CASE_DOCUMENTS, DOCUMENTS } from '#sdk';
import { DOCUMENT_RULES, LIMITS } from '../../apps/hub/graphql/document-rules.js';

/** `{documents: {sha256 hex: operation name}}`, for TALLY_DOCUMENTS_FILE. @throws Error naming each faulty document */
export function registeredDocumentsJson(schema: GraphQLSchema): string {
  const faults: string[] = [];
  const documents = [...Object.values(DOCUMENTS), ...Object.values(CASE_DOCUMENTS), ...Object.values(BRAND_DOCUMENTS)].map((text) => {
    const document = parse(text, { maxTokens: LIMITS.documentTokens });
    const [operation] = document.definitions;
    const name = operation?.kind === Kind.OPERATION_DEFINITION ? operation.name?.value ?? 'unnamed' : 'unnamed';
    faults.push(...validate(schema, document, [...specifiedRules, ...DOCUMENT_RULES]).map(({ message }) => `${name}: ${message}`));
    return [createHash('sha256').update(text).digest('hex'), name] as const;
  });
  if (faults.length > 0) throw new Error(`documents that the hub would refuse: ${faults.join('; ')}`);
  return `${JSON.stringify({ documents: Object.fromEntries([...documents].sort(([, a], [, b]) => (a < b ? -1 : 1))) }, null, 2)}\n`;
}

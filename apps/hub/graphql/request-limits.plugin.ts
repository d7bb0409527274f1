/**
 * Limits on what variables and literals hold: a list has at most 500 items wherever it stands, and `first` is 1 to 100 on
 * every field, whether the resolver looks or not.
 */
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { Kind, visit, type DocumentNode, type ValueNode } from 'graphql';
import { LIMITS, LimitError } from './document-rules.js';

export const requestLimits: ApolloServerPlugin = {
  async requestDidStart(): Promise<GraphQLRequestListener<object>> {
    return {
      async didResolveOperation({ document, request }) {
        const variables = request.variables ?? {};
        refuseLongLists(variables);
        refuseLargePages(document, variables);
      },
    };
  },
};

function refuseLongLists(value: unknown): void {
  if (Array.isArray(value)) {
    if (value.length > LIMITS.list) throw new LimitError('list', LIMITS.list);
    value.forEach(refuseLongLists);
  } else if (value !== null && typeof value === 'object') {
    Object.values(value).forEach(refuseLongLists);
  }
}

function refuseLargePages(document: DocumentNode, variables: Readonly<Record<string, unknown>>): void {
  visit(document, {
    ListValue(node) {
      if (node.values.length > LIMITS.list) throw new LimitError('list', LIMITS.list);
    },
    Argument(node) {
      if (node.name.value !== 'first') return;
      const size = numberOf(node.value, variables);
      if (size !== null && !(size >= 1 && size <= LIMITS.page)) throw new LimitError('page', LIMITS.page);
    },
    VariableDefinition(node) {
      if (node.defaultValue?.kind === Kind.INT && Number(node.defaultValue.value) > LIMITS.page && usedAsFirst(document, node.variable.name.value)) {
        throw new LimitError('page', LIMITS.page);
      }
    },
  });
}

function numberOf(value: ValueNode, variables: Readonly<Record<string, unknown>>): number | null {
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return null;
  const given = variables[value.name.value];
  return typeof given === 'number' ? given : null;
}

function usedAsFirst(document: DocumentNode, variable: string): boolean {
  let used = false;
  visit(document, {
    Argument(node) {
      used ||= node.name.value === 'first' && node.value.kind === Kind.VARIABLE && node.value.name.value === variable;
    },
  });
  return used;
}

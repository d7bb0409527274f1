/**
 * Validation rules that bound what one document may ask: depth, aliases, one root field where the answer is counted.
 * Counting happens over the document as sent, with fragments expanded at most once each along a path, so that a cost
 * cannot hide in a fragment. A refusal is LIMIT_EXCEEDED with the limit's name.
 */
import {
  GraphQLError, Kind, type ASTVisitor, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode,
  type SelectionSetNode, type ValidationContext, type ValidationRule,
} from 'graphql';

export const LIMITS = { documentTokens: 1000, depth: 8, aliases: 10, selections: 2000, page: 100, list: 500, bodyBytes: 256 * 1024 } as const;

/** Root fields that look at other members' clues, or that are counted: one of them an operation, alone. */
const COUNTED_FIELDS: ReadonlySet<string> = new Set(['overlap', 'overlaps']);

export class LimitError extends GraphQLError {
  constructor(limit: string, maximum: number) {
    super(`over the limit: ${limit}`, { extensions: { tallyLimit: limit, tallyMaximum: maximum, http: { status: 400 } } });
  }
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf(document: DocumentNode): Fragments {
  return new Map(document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])));
}

type Visit = (field: FieldNode, depth: number) => void;

/**
 * Visits every field of an operation with fragments expanded; a fragment inside itself is skipped (another rule refuses
 * it). Expansion doubles with each level of fragments, so what is visited is itself bounded. Throws LimitError.
 */
function walk(operation: OperationDefinitionNode, fragments: Fragments, visit: Visit): void {
  let visited = 0;
  const into = (set: SelectionSetNode, depth: number, open: readonly string[]): void => {
    for (const selection of set.selections) {
      if (++visited > LIMITS.selections) throw new LimitError('selections', LIMITS.selections);
      if (selection.kind === Kind.FIELD) {
        visit(selection, depth);
        if (selection.selectionSet !== undefined) into(selection.selectionSet, depth + 1, open);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        into(selection.selectionSet, depth, open);
      } else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        if (fragment !== undefined && !open.includes(name)) into(fragment.selectionSet, depth, [...open, name]);
      }
    }
  };
  into(operation.selectionSet, 1, []);
}

function onOperations(check: (operation: OperationDefinitionNode, each: (visit: Visit) => void) => void): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      try {
        check(operation, (visit) => walk(operation, fragmentsOf(context.getDocument()), visit));
      } catch (error) {
        if (!(error instanceof LimitError)) throw error;
        context.reportError(error);
      }
    },
  });
}

const maximumDepth: ValidationRule = onOperations((_operation, each) => each((_field, depth) => {
  if (depth > LIMITS.depth) throw new LimitError('depth', LIMITS.depth);
}));

/** `__typename` counts as an alias: repeating it is the cheapest way to a large answer. */
const maximumAliases: ValidationRule = onOperations((_operation, each) => {
  let aliases = 0;
  each((field) => {
    if (field.alias !== undefined || field.name.value === '__typename') aliases += 1;
    if (aliases > LIMITS.aliases) throw new LimitError('aliases', LIMITS.aliases);
  });
});

const oneRootField: ValidationRule = onOperations((operation, each) => {
  const roots: string[] = [];
  each((field, depth) => {
    if (depth === 1) roots.push(field.name.value);
  });
  const counted = operation.operation === 'mutation' || roots.some((name) => COUNTED_FIELDS.has(name));
  if (counted && roots.length > 1) throw new LimitError('rootFields', 1);
});

/** One operation a document: the cost of a document is the cost of what runs. */
const oneOperation: ValidationRule = (context): ASTVisitor => ({
  Document(document) {
    if (document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION).length > 1) context.reportError(new LimitError('operations', 1));
  },
});

export const DOCUMENT_RULES: readonly ValidationRule[] = [oneOperation, maximumDepth, maximumAliases, oneRootField];

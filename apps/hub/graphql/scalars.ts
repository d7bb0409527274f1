/** Scalars of the schema. Their errors never repeat the value. */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isUuid } from '#kernel';

function refuse(name: string): never {
  throw new GraphQLError(`not a valid ${name}`);
}
function textOf(node: ValueNode, name: string): string {
  return node.kind === Kind.STRING ? node.value : refuse(name);
}

function parseUuid(value: unknown): string {
  return isUuid(value) ? value : refuse('UUID');
}

export const Uuid = new GraphQLScalarType<string, string>({
  name: 'UUID',
  description: 'RFC 9562 identifier, lower-case with hyphens.',
  serialize: (value) => parseUuid(value),
  parseValue: parseUuid,
  parseLiteral: (node) => parseUuid(textOf(node, 'UUID')),
});

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

function parseInstant(value: unknown): Date {
  if (typeof value !== 'string' || !INSTANT.test(value)) return refuse('Instant');
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? refuse('Instant') : instant;
}

export const Instant = new GraphQLScalarType<Date, string>({
  name: 'Instant',
  description: 'Moment in UTC, ISO 8601 with at most milliseconds, e.g. 2026-11-22T08:00:00.000Z.',
  serialize: (value) => (value instanceof Date ? value : parseInstant(value)).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node, 'Instant')),
});

const DAY = /^\d{4}-\d\d-\d\d$/;

function parseDay(value: unknown): Date {
  return typeof value === 'string' && DAY.test(value) ? parseInstant(`${value}T00:00:00Z`) : refuse('Day');
}

/** Of what others saw, members are told the day only. */
export const Day = new GraphQLScalarType<Date, string>({
  name: 'Day',
  description: 'Day in UTC, ISO 8601, e.g. 2026-11-22.',
  serialize: (value) => Instant.serialize(value).slice(0, 10),
  parseValue: parseDay,
  parseLiteral: (node) => parseDay(textOf(node, 'Day')),
});

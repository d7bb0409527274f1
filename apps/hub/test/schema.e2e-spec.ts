import { readFileSync } from 'node:fs';
import {
  buildSchema, isEnumType, isInputObjectType, isInterfaceType, isIntrospectionType, isObjectType, isSpecifiedScalarType, type GraphQLArgument, type GraphQLNamedType, type GraphQLSchema,
} from 'graphql';

const committed = (): string => readFileSync('apps/hub/schema.graphql', 'utf8');

/** Names of types, fields, arguments and enum values without a description. */
function undescribed(schema: GraphQLSchema): string[] {
  const own = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
  const missing = (name: string, { description }: { description?: string | null | undefined }): string[] => ((description ?? '').trim() === '' ? [name] : []);
  const members = (type: GraphQLNamedType): string[] => {
    if (isEnumType(type)) return type.getValues().flatMap((value) => missing(`${type.name}.${value.name}`, value));
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => [
      ...missing(`${type.name}.${field.name}`, field),
      ...('args' in field ? field.args.flatMap((arg: GraphQLArgument) => missing(`${type.name}.${field.name}(${arg.name})`, arg)) : []),
    ]);
  };
  return own.flatMap((type) => [...missing(type.name, type), ...members(type)]);
}

describe('committed schema', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(undescribed(buildSchema(committed()))).toEqual([]);
  });
  it('would notice what is not described', () => {
    expect(undescribed(buildSchema('"q" type Query { "f" a(b: Int): E } enum E { X }'))).toEqual(['Query.a(b)', 'E', 'E.X']);
  });
  it('has no subscriptions', () => {
    expect(buildSchema(committed()).getSubscriptionType()).toBeUndefined();
  });
});

/**
 * Cursor connections. `connectionOf(Clue, 'Clue')` makes the types ClueConnection and ClueEdge; resolvers take
 * `@Args() page: PageArgs` and return `connection(page)` of a kernel Page.
 */
import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { DomainError, PAGE_MAX, type Page, type PageRequest } from '#kernel';

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: 'How many at most, 1 to 100.' })
  @IsOptional()
  first: number = 50;

  @Field(() => String, { nullable: true, description: 'Cursor of the last item that the caller has; absent for the first page.' })
  @IsOptional()
  after: string | null = null;
}

/** @throws DomainError LIMIT_EXCEEDED, BAD_INPUT */
export function pageRequest({ first, after }: PageArgs): PageRequest {
  if (!Number.isInteger(first) || first < 1 || first > PAGE_MAX) throw new DomainError('LIMIT_EXCEEDED', 'page size', { limit: 'page', maximum: PAGE_MAX });
  if (after != null && after.length > 200) throw new DomainError('BAD_INPUT', 'cursor');
  return { first, after: after ?? null };
}

@ObjectType({ description: 'Where a page ends.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more items follow.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the last item of this page; null when the page is empty.' })
  endCursor!: string | null;
}

export interface Edge<T> { node: T; cursor: string }
export interface Connection<T> { edges: Edge<T>[]; pageInfo: PageInfo }

/** Class to extend or to name in `@Query(() => ...)`; one call a node type. */
export function connectionOf<T>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page with its cursor.` })
  class NodeEdge implements Edge<T> {
    @Field(() => node, { description: 'The item.' })
    node!: T;

    @Field(() => String, { description: 'Opaque position of the item, for `after`.' })
    cursor!: string;
  }
  @ObjectType(`${name}Connection`, { description: `One page of ${name} items in cursor order.` })
  class NodeConnection implements Connection<T> {
    @Field(() => [NodeEdge], { description: 'The items of the page.' })
    edges!: Edge<T>[];

    @Field(() => PageInfo, { description: 'Where the page ends.' })
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Kernel page to connection. */
export function connection<T>(page: Page<T>): Connection<T> {
  const edges = page.items.map(({ node, cursor }) => ({ node, cursor }));
  return { edges, pageInfo: { hasNextPage: page.hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
}

/**
 * Every operation that the process serves, found where Nest finds it: GraphQL root fields (Query, Mutation, Subscription)
 * and REST routes. The boot proof, the access map and the refusals suite read this one list.
 */
import { RequestMethod, type Type } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { DomainError } from '#kernel';
import { accessRuleOf, type AccessRule } from './allow.decorator.js';

export interface Operation {
  /** `query me`, `mutation publishClues`, `POST /v1/liaison/receipts`. */
  readonly name: string;
  readonly kind: 'query' | 'mutation' | 'subscription' | 'rest';
  /** Class and method, for the message of the boot proof. */
  readonly source: string;
  readonly rule: AccessRule | undefined;
}

// Metadata keys of @nestjs/graphql and @nestjs/common: read by name, so that a process without GraphQL does not load it.
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const ROUTE_PATH = 'path';
const ROUTE_METHOD = 'method';
const ROOT_KINDS: Readonly<Record<string, 'query' | 'mutation' | 'subscription'>> = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' };

export function discoverOperations(discovery: DiscoveryService): Operation[] {
  const found: Operation[] = [];
  for (const wrapper of discovery.getProviders()) found.push(...ofClass(wrapper.metatype, rootField));
  for (const wrapper of discovery.getControllers()) found.push(...ofClass(wrapper.metatype, route));
  return [...new Map(found.map((operation) => [operation.name, operation])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws DomainError CONFIG_INVALID that names every operation without a rule, or with one that its kind may not have. */
export function proveAccess(operations: readonly Operation[]): void {
  const faults = operations.flatMap(({ name, source, kind, rule }) => {
    if (rule === undefined) return [`${name} (${source}): neither @Allow nor @Public`];
    if (rule.kind === 'public' && kind !== 'rest') return [`${name} (${source}): GraphQL is never public`];
    if (rule.kind === 'public' && rule.reason.trim() === '') return [`${name} (${source}): @Public without a reason`];
    return [];
  });
  if (faults.length > 0) throw new DomainError('CONFIG_INVALID', `refusing to boot: ${faults.join('; ')}`, { operations: faults });
}

type Reader = (type: Type, method: string, handler: object) => Operation | null;

function ofClass(type: unknown, read: Reader): Operation[] {
  if (typeof type !== 'function' || type.prototype === undefined) return [];
  return methodsOf(type.prototype as object).flatMap(([name, handler]) => read(type as Type, name, handler) ?? []);
}

function methodsOf(prototype: object): [string, object][] {
  const methods = new Map<string, object>();
  for (let level: object | null = prototype; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value === 'function' && name !== 'constructor' && !methods.has(name)) methods.set(name, value as object);
    }
  }
  return [...methods];
}

function rootField(type: Type, method: string, handler: object): Operation | null {
  const kind = ROOT_KINDS[String(Reflect.getMetadata(RESOLVER_TYPE, handler))];
  if (kind === undefined) return null;
  const declared: unknown = Reflect.getMetadata(RESOLVER_NAME, handler);
  const field = typeof declared === 'string' && declared !== '' ? declared : method;
  return { name: `${kind} ${field}`, kind, source: `${type.name}.${method}`, rule: accessRuleOf(handler) };
}

function route(type: Type, method: string, handler: object): Operation | null {
  const verb: unknown = Reflect.getMetadata(ROUTE_METHOD, handler);
  if (typeof verb !== 'number') return null;
  const path = [Reflect.getMetadata(ROUTE_PATH, type), Reflect.getMetadata(ROUTE_PATH, handler)]
    .flatMap((part: unknown) => String(part ?? '').split('/')).filter((part) => part !== '').join('/');
  return { name: `${RequestMethod[verb]} /${path}`, kind: 'rest', source: `${type.name}.${method}`, rule: accessRuleOf(handler) };
}

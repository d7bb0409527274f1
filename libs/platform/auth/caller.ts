/** The identified caller of one request; attached to the request object, never to anything shared between requests. */
import type { ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '#platform/database';
import type { Scope } from '#protocol';

export interface Caller {
  readonly actor: Actor;
  readonly scopes: ReadonlySet<Scope>;
  readonly partyName: string;
}

const callers = new WeakMap<IncomingMessage, Promise<Caller>>();

/** Identifies at most once a request: a second DPoP spend of the same proof would refuse the caller's own request. */
export function callerOnce(request: IncomingMessage, identify: () => Promise<Caller>): Promise<Caller> {
  let caller = callers.get(request);
  if (caller === undefined) {
    caller = identify();
    callers.set(request, caller);
  }
  return caller;
}

export function identifiedCaller(request: IncomingMessage): Promise<Caller> | undefined {
  return callers.get(request);
}

/** The HTTP request behind a REST or GraphQL execution context. */
export function requestOf(context: ExecutionContext): IncomingMessage {
  if (context.getType<string>() === 'graphql') return (context.getArgByIndex(2) as { req: IncomingMessage }).req;
  return context.switchToHttp().getRequest<IncomingMessage>();
}

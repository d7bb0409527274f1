/**
 * Every way into the hub states who may use it. A GraphQL root field or REST route without one of these two decorators
 * stops the process at boot (access.proof.ts): forgetting is not the same as allowing.
 */
import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Scope } from '#protocol';

const ACCESS_RULE = 'tally:access';

export type AccessRule =
  | { readonly kind: 'allow'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'public'; readonly reason: string };

/** The caller's token must hold at least one of these scopes. */
export function Allow(...scopes: readonly [Scope, ...Scope[]]): CustomDecorator {
  return SetMetadata(ACCESS_RULE, { kind: 'allow', scopes } satisfies AccessRule);
}

/** REST only: reachable without a credential, for the reason given (it is printed in the access map). */
export function Public(reason: string): CustomDecorator {
  return SetMetadata(ACCESS_RULE, { kind: 'public', reason } satisfies AccessRule);
}

/** The rule declared on a handler itself; rules are not inherited from classes, so that each operation shows its own. */
export function accessRuleOf(handler: object): AccessRule | undefined {
  return Reflect.getOwnMetadata(ACCESS_RULE, handler) as AccessRule | undefined;
}

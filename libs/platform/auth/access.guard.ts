import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { accessRuleOf } from './allow.decorator.js';
import { ScopeMissingError } from './auth.errors.js';
import { Authenticator } from './authenticator.js';
import { requestOf } from './caller.js';

/** Denies by default: a handler without a rule never runs, even if the boot proof was bypassed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly authenticator: Authenticator) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = accessRuleOf(context.getHandler());
    if (rule?.kind === 'public') return true;
    const caller = await this.authenticator.identify(requestOf(context));
    if (rule === undefined || !rule.scopes.some((scope) => caller.scopes.has(scope))) throw new ScopeMissingError();
    return true;
  }
}

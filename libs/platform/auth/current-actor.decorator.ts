import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { UnauthenticatedError } from './auth.errors.js';
import { identifiedCaller, requestOf, type Caller } from './caller.js';

async function callerOf(context: ExecutionContext): Promise<Caller> {
  const caller = identifiedCaller(requestOf(context));
  if (caller === undefined) throw new UnauthenticatedError('no caller');
  return caller;
}

/** The `Actor` of this request (party, role, client), for `TenantTx.run`. */
export const CurrentActor: () => ParameterDecorator = createParamDecorator(
  async (_data: unknown, context: ExecutionContext) => (await callerOf(context)).actor,
);

/** Actor, scopes and name of the party. */
export const CurrentCaller: () => ParameterDecorator = createParamDecorator((_data: unknown, context: ExecutionContext) => callerOf(context));

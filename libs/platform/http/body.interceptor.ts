/**
 * Bodies of REST routes are read here, after the guard has identified the caller. JSON of at most 256 KiB unless the
 * route says otherwise; a streaming route reads `request` itself, within the bound that it states.
 */
import { Injectable, SetMetadata, type CallHandler, type CustomDecorator, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { from, switchMap, type Observable } from 'rxjs';
import { BodyTooLargeError, DEFAULT_BODY_BYTES, readJsonBody } from './read-body.js';

const BODY_RULE = 'tally:body';
type BodyRule = { readonly kind: 'json' | 'stream'; readonly limitBytes: number };

/** JSON of at most so many bytes. */
export function JsonBody(limitBytes: number): CustomDecorator {
  return SetMetadata(BODY_RULE, { kind: 'json', limitBytes } satisfies BodyRule);
}
/** The handler reads the request stream; a declared length over the bound is refused before it runs. */
export function StreamedBody(limitBytes: number): CustomDecorator {
  return SetMetadata(BODY_RULE, { kind: 'stream', limitBytes } satisfies BodyRule);
}

@Injectable()
export class BodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType<string>() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<IncomingMessage & { body?: unknown }>();
    if (request.method !== 'POST' && request.method !== 'PUT' && request.method !== 'PATCH') return next.handle();
    const rule = (Reflect.getMetadata(BODY_RULE, context.getHandler()) as BodyRule | undefined) ?? { kind: 'json', limitBytes: DEFAULT_BODY_BYTES };
    if (rule.kind === 'stream') {
      if (Number(request.headers['content-length'] ?? 0) > rule.limitBytes) throw new BodyTooLargeError(rule.limitBytes);
      return next.handle();
    }
    return from(readJsonBody(request, rule.limitBytes)).pipe(switchMap((body) => {
      request.body = body;
      return next.handle();
    }));
  }
}

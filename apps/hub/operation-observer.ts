/** One log line and one measurement an operation: its name, how it ended, how long it took. Never arguments. */
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { tap, type Observable } from 'rxjs';
import { isDomainError } from '#kernel';
import { identifiedCaller } from '#platform/auth';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import { Metrics } from '#platform/metrics';

@Injectable()
export class OperationObserver implements NestInterceptor {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog, private readonly metrics: Metrics) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const began = performance.now();
    const operation = `${context.getClass().name}.${context.getHandler().name}`;
    const graphql = context.getType<string>() === 'graphql';
    const request = graphql ? (context.getArgByIndex(2) as { req: IncomingMessage }).req : context.switchToHttp().getRequest<IncomingMessage>();
    const ended = (code: string): void => {
      const seconds = (performance.now() - began) / 1000;
      this.metrics.count('operations', { operation, code });
      this.metrics.observeSeconds('operation', seconds, { operation });
      // Health and metrics are asked every few seconds and tell nothing here.
      void identifiedCaller(request)?.then(({ actor }) => { this.log.event('operation.done', { operation, party: actor.partyId, code, ms: Math.round(seconds * 1000) }); });
    };
    return next.handle().pipe(tap({ error: (error: unknown) => { ended(isDomainError(error) ? error.code : 'INTERNAL'); }, complete: () => { ended('OK'); } }));
  }
}

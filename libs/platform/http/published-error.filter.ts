/**
 * Last stop of every error. REST: the published shape with the registry's status. GraphQL: passed on to Apollo's
 * formatter. An unknown route is NOT_FOUND; every other HTTP exception of the framework is a fault of the request.
 */
import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { DomainError, isDomainError } from '#kernel';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import { sendError } from './send-error.js';

@Catch()
export class PublishedErrorFilter implements ExceptionFilter {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const known = fromFramework(error);
    if (host.getType<string>() === 'graphql') throw known;
    if (!isDomainError(known)) this.log.error('http.failed', known);
    sendError(host.switchToHttp().getResponse<ServerResponse>(), known);
  }
}

/** Framework exceptions carry the request's text in their message: only their status is used. */
export function fromFramework(error: unknown): unknown {
  if (!(error instanceof HttpException)) return error;
  const status = error.getStatus();
  if (status === 404) return new DomainError('NOT_FOUND', 'no such route');
  if (status === 401) return new DomainError('UNAUTHENTICATED', 'framework');
  if (status === 403) return new DomainError('FORBIDDEN', 'framework');
  if (status === 413) return new DomainError('PAYLOAD_TOO_LARGE', 'framework');
  return status < 500 ? new DomainError('BAD_INPUT', 'refused by the framework') : error;
}

/** Every job's handler, by class. The worker does not boot while a job of libs/protocol/jobs.ts has none. */
import type { Type } from '@nestjs/common';
import { OverlapsModule } from '#domain/overlaps';
import type { AnyJobHandler } from '#platform/queue';
import { MatchOverlapsHandler } from './handlers/match-overlaps.handler.js';

export const JOB_HANDLERS: readonly Type<AnyJobHandler>[] = [MatchOverlapsHandler];

/** Modules that provide what the handlers ask for. */
export const HANDLER_MODULES: readonly Type[] = [OverlapsModule];

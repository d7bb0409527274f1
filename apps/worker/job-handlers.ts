/** Every job's handler, by class. The worker does not boot while a job of libs/protocol/jobs.ts has none. */
import type { Type } from '@nestjs/common';
import { EpochsModule } from '#domain/epochs';
import { OverlapsModule } from '#domain/overlaps';
import type { AnyJobHandler } from '#platform/queue';
import { BuildPackageHandler } from './handlers/build-package.handler.js';
import { EraseEpochHandler } from './handlers/erase-epoch.handler.js';
import { MatchOverlapsHandler } from './handlers/match-overlaps.handler.js';
import { NotifyLiaisonHandler } from './handlers/notify-liaison.handler.js';
import { ReviewStandingHandler } from './handlers/review-standing.handler.js';

export const JOB_HANDLERS: readonly Type<AnyJobHandler>[] = [BuildPackageHandler, NotifyLiaisonHandler, MatchOverlapsHandler, ReviewStandingHandler, EraseEpochHandler];

/** Modules that provide what the handlers ask for. */
export const HANDLER_MODULES: readonly Type[] = [OverlapsModule, EpochsModule];

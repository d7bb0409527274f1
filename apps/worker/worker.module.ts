/** The worker's object graph: platform, the modules its handlers need, the handlers. No HTTP and no GraphQL. */
import { Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { type ContextSigner, DatabaseModule } from '#platform/database';
import { IdempotencyModule } from '#platform/idempotency';
import { EVENT_LOG, type EventLog } from '#platform/logging';
import { QueueModule } from '#platform/queue';
import { AuditModule } from '#domain/audit';
import { HANDLER_MODULES, JOB_HANDLERS } from './job-handlers.js';
import { WorkerConfig } from './worker.config.js';

export interface WorkerParts {
  readonly config: WorkerConfig;
  readonly log: EventLog;
  readonly source: DataSource;
  readonly signer: ContextSigner;
}

@Module({})
export class WorkerModule {
  static with(parts: WorkerParts): DynamicModule {
    const shared = [{ provide: WorkerConfig, useValue: parts.config }, { provide: EVENT_LOG, useValue: parts.log }];
    return {
      module: WorkerModule,
      global: true,
      imports: [DatabaseModule.with(parts.source, parts.signer), QueueModule, IdempotencyModule, AuditModule, ...HANDLER_MODULES],
      providers: [...shared, ...JOB_HANDLERS],
      exports: shared.map(({ provide }) => provide),
    };
  }
}

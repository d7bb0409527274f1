import { Module } from '@nestjs/common';
import { Idempotency } from './idempotency.js';

@Module({ providers: [{ provide: Idempotency, useFactory: () => new Idempotency() }], exports: [Idempotency] })
export class IdempotencyModule {}

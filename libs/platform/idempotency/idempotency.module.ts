import { Global, Module } from '@nestjs/common';
import { Idempotency } from './idempotency.js';

@Global()
@Module({ providers: [{ provide: Idempotency, useFactory: () => new Idempotency() }], exports: [Idempotency] })
export class IdempotencyModule {}

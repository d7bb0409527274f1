import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { ContextSigner } from './context-signer.js';
import { SystemTx } from './system-tx.js';
import { TenantTx } from './tenant-tx.js';

/** Hands the two kinds of transaction to every room; the caller owns the DataSource and closes it last. */
@Global()
@Module({})
export class DatabaseModule {
  static with(source: DataSource, signer: ContextSigner): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: SystemTx, useValue: new SystemTx(source) }, { provide: TenantTx, useValue: new TenantTx(source, signer) }],
      exports: [SystemTx, TenantTx],
    };
  }
}

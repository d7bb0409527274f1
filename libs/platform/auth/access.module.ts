import { Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { discoverOperations, proveAccess, type Operation } from './operations.js';

/** The operations of this process; proven at boot to declare who may call them. */
@Injectable()
export class AccessMap implements OnModuleInit {
  private found: readonly Operation[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.found = discoverOperations(this.discovery);
    proveAccess(this.found);
  }

  get operations(): readonly Operation[] {
    return this.found;
  }
}

@Module({})
export class AccessModule {
  static with(authenticator: Authenticator): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [{ provide: Authenticator, useValue: authenticator }, AccessMap, { provide: APP_GUARD, useClass: AccessGuard }],
      exports: [Authenticator, AccessMap],
    };
  }
}

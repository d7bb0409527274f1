import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule } from '#platform/auth';
import { BodyInterceptor, HealthController, PublishedErrorFilter } from '#platform/http';
import { graphqlOptions } from './graphql/graphql.options.js';
import { OperationObserver } from './operation-observer.js';
import { PlatformModule, type HubParts } from './platform.module.js';
import { HUB_ROOMS } from './rooms.js';
import { SchemaAccessProof } from './schema-access.proof.js';

@Module({})
export class AppModule {
  /** @param rooms Overridden by tests that plant an operation. */
  static with(parts: HubParts, rooms: readonly Type[] = HUB_ROOMS): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(parts),
        AccessModule.with(parts.authenticator),
        GraphQLModule.forRoot(graphqlOptions(parts.config, parts.log)),
        ...rooms,
      ],
      controllers: [HealthController],
      providers: [
        SchemaAccessProof,
        { provide: APP_INTERCEPTOR, useClass: OperationObserver },
        { provide: APP_INTERCEPTOR, useClass: BodyInterceptor },
        { provide: APP_FILTER, useClass: PublishedErrorFilter },
      ],
    };
  }
}

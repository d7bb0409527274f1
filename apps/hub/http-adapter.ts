/**
 * The one file that knows Express. Order of what a request meets: correlation id, security headers, (for GraphQL) the
 * endpoint's own admission, then Nest's guard, body reading and handler. No body parser is installed globally: nothing of
 * an unidentified caller is parsed.
 */
import { ValidationPipe, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { DomainError } from '#kernel';
import { correlation, refuseUpgrades, securityHeaders } from '#platform/http';
import { graphqlEndpoint } from './graphql/endpoint.js';
import { GRAPHQL_PATH } from './graphql/graphql.options.js';
import { RegisteredDocuments } from './graphql/registered-documents.js';
import type { HubParts } from './platform.module.js';

const FIELD_NAME = /^[a-z][A-Za-z]{0,40}$/;

export async function createHub(module: DynamicModule, parts: HubParts): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, new ExpressAdapter(), { bodyParser: false, logger: false, abortOnError: false });
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(correlation, securityHeaders);
  app.use(GRAPHQL_PATH, graphqlEndpoint(parts.authenticator, RegisteredDocuments.from(parts.config.documentsFile)));
  // Names of fields only, and only such as ours look like: messages of class-validator and unknown names may be what was sent.
  app.useGlobalPipes(new ValidationPipe({
    transform: true, whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false,
    exceptionFactory: (faults) => new DomainError('BAD_INPUT', 'input not valid', { invalid: faults.map(({ property }) => (FIELD_NAME.test(property) ? property : 'unknown')).slice(0, 20) }),
  }));
  const server = app.getHttpServer() as Server;
  server.requestTimeout = 120_000;
  server.headersTimeout = 20_000;
  refuseUpgrades(server);
  return app;
}

/** Listens and returns the origin. */
export async function listen(app: NestExpressApplication, parts: HubParts): Promise<string> {
  await app.listen(parts.config.httpPort, parts.config.httpHost);
  refuseUpgrades(app.getHttpServer() as Server);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const host = parts.config.httpHost.includes(':') ? `[${parts.config.httpHost}]` : parts.config.httpHost;
  const listening = `http://${host}:${port}`;
  parts.origin.current = parts.config.publicUrl === undefined ? listening : new URL(parts.config.publicUrl).origin;
  return listening;
}

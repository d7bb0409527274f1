/** Liveness, readiness and metrics: same three routes in every process that speaks HTTP. */
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Public } from '#platform/auth';

/** Names of parts and whether each is ready; the names are ours, e.g. `database`. */
export interface Readiness {
  check(): Promise<Readonly<Record<string, boolean>>>;
}
export interface MetricsText {
  metrics(): Promise<string>;
  readonly contentType: string;
}
export const READINESS = Symbol('readiness');
export const METRICS_TEXT = Symbol('metrics text');

@Controller()
export class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness, @Inject(METRICS_TEXT) private readonly registry: MetricsText) {}

  @Public('a supervisor has no credential; says nothing but that the process runs')
  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Public('a supervisor has no credential; names parts of the process, not data')
  @Get('health/ready')
  async ready(@Res() response: ServerResponse): Promise<void> {
    const parts = await this.readiness.check();
    const ready = Object.values(parts).every(Boolean);
    response.statusCode = ready ? 200 : 503;
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify({ status: ready ? 'ready' : 'not-ready', parts }));
  }

  @Public('scraped inside the operator\'s network; counts only, no party as a label')
  @Get('metrics')
  async metrics(@Res() response: ServerResponse): Promise<void> {
    response.setHeader('content-type', this.registry.contentType);
    response.end(await this.registry.metrics());
  }
}

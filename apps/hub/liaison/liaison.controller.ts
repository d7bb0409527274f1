/** The liaison's REST API: inbox by long poll, packages by range, receipts and outcomes as signed statements. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AcknowledgePackageFlow, FetchPackageFlow, ReadInboxFlow, ReportOutcomeFlow, type Acknowledged, type FetchedPackage, type InboxPage } from '#flows/deliver-package';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { byteRange, type ByteRange } from './byte-range.js';
import { StatementBody } from './liaison.body.js';

const SLICE = 1024 * 1024;

@Controller('v1/liaison')
export class LiaisonController {
  constructor(private readonly inbox: ReadInboxFlow, private readonly fetching: FetchPackageFlow, private readonly acknowledging: AcknowledgePackageFlow,
    private readonly reporting: ReportOutcomeFlow) {}

  @Allow('packages:read')
  @Get('inbox')
  readInbox(@CurrentActor() actor: Actor, @Req() request: IncomingMessage, @Query('cursor') cursor?: string, @Query('limit') limit?: string, @Query('wait') wait?: string): Promise<InboxPage> {
    const gone = new AbortController();
    request.once('close', () => { if (request.destroyed) gone.abort(); });
    return this.inbox.run(actor, { cursor: cursor ?? null, limit: count(limit, 50), waitSeconds: count(wait, 0) }, gone.signal);
  }

  @Allow('packages:read')
  @Get('packages/:id')
  async fetchPackage(@CurrentActor() actor: Actor, @Param('id') id: string, @Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const found = await this.fetching.open(actor, id);
    const etag = `"${found.digest}"`;
    response.setHeader('etag', etag);
    response.setHeader('accept-ranges', 'bytes');
    response.setHeader('cache-control', 'no-store');
    if (request.headers['if-none-match'] === etag) return end(response, 304);
    const conditional = request.headers['if-range'];
    const range = conditional === undefined || conditional === etag ? byteRange(request.headers.range, found.size) : null;
    if (range === 'unsatisfiable') {
      response.setHeader('content-range', `bytes */${found.size}`);
      return end(response, 416);
    }
    await this.send(actor, found, range, response);
  }

  @Allow('receipts:write')
  @Post('receipts')
  @HttpCode(200)
  acknowledge(@CurrentActor() actor: Actor, @Body() body: StatementBody): Promise<Acknowledged> {
    return this.acknowledging.run(actor, body.jws);
  }

  @Allow('outcomes:write')
  @Post('outcomes')
  @HttpCode(200)
  report(@CurrentActor() actor: Actor, @Body() body: StatementBody): Promise<{ outcomeId: string }> {
    return this.reporting.run(actor, body.jws);
  }

  /** Slices, so that a package of any size needs little memory; a slow reader holds no transaction. */
  private async send(actor: Actor, found: FetchedPackage, range: ByteRange | null, response: ServerResponse): Promise<void> {
    const { from, to } = range ?? { from: 0, to: found.size - 1 };
    response.statusCode = range ? 206 : 200;
    response.setHeader('content-type', 'application/json');
    response.setHeader('content-length', to - from + 1);
    if (range) response.setHeader('content-range', `bytes ${from}-${to}/${found.size}`);
    for (let at = from; at <= to && !response.destroyed; at += SLICE) {
      if (!response.write(await this.fetching.slice(actor, found.id, at, Math.min(at + SLICE - 1, to)))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  }
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

/** NaN for junk, which the flow refuses. */
function count(text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}

import { Controller, HttpCode, Post, Req, StreamableFile } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { CombineBatchFlow } from '#flows/combine-batch';
import { DomainError } from '#kernel';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { readBytes, StreamedBody } from '#platform/http';
import { OPRF_MEDIA_TYPE, OPRF_REQUEST_MAX_BYTES } from '#protocol';

@Controller('v1/oprf')
export class CombineController {
  constructor(private readonly combining: CombineBatchFlow) {}

  @Allow('oprf:combine')
  @StreamedBody(OPRF_REQUEST_MAX_BYTES)
  @HttpCode(200)
  @Post('combine')
  async combine(@CurrentActor() actor: Actor, @Req() request: IncomingMessage): Promise<StreamableFile> {
    if (request.headers['content-type'] !== OPRF_MEDIA_TYPE) throw new DomainError('BAD_INPUT', 'media type', { field: 'content-type' });
    const message = new Uint8Array(await readBytes(request, OPRF_REQUEST_MAX_BYTES));
    return new StreamableFile(await this.combining.run(actor, message), { type: OPRF_MEDIA_TYPE });
  }
}

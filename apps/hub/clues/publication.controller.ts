/** Bulk publication: chunks of newline-delimited JSON, a finish, and where it stands. */
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { CHUNK_LIMITS, FinishPublicationFlow, TakeChunkFlow, TakeMovesFlow, type ChunkAddress } from '#flows/publish-clues';
import { DomainError, isUuid, type PublicationId } from '#kernel';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { StreamedBody } from '#platform/http';
import { chunkBytes } from './chunk-bytes.js';

export class FinishPublicationBody {
  /** How many chunks were sent; none may be missing then. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000)
  chunks?: number;
}

@Controller('v1/publications/:publicationId')
export class PublicationController {
  constructor(private readonly chunks: TakeChunkFlow, private readonly moves: TakeMovesFlow, private readonly finishing: FinishPublicationFlow) {}

  @Allow('clues:publish')
  @StreamedBody(CHUNK_LIMITS.bytes)
  @HttpCode(200)
  @Post('chunks/:seq')
  takeChunk(@CurrentActor() actor: Actor, @Param('publicationId') id: string, @Param('seq') seq: string, @Req() request: IncomingMessage) {
    return this.chunks.run(actor, addressOf(id, seq), chunkBytes(request));
  }

  @Allow('clues:publish')
  @StreamedBody(CHUNK_LIMITS.bytes)
  @HttpCode(200)
  @Post('moves/:seq')
  takeMoves(@CurrentActor() actor: Actor, @Param('publicationId') id: string, @Param('seq') seq: string, @Req() request: IncomingMessage) {
    return this.moves.run(actor, addressOf(id, seq), chunkBytes(request));
  }

  @Allow('clues:publish')
  @HttpCode(200)
  @Post('finish')
  finish(@CurrentActor() actor: Actor, @Param('publicationId') id: string, @Body() body: FinishPublicationBody) {
    return this.finishing.run(actor, publicationOf(id), body.chunks ?? null);
  }

  @Allow('clues:publish')
  @Get()
  status(@CurrentActor() actor: Actor, @Param('publicationId') id: string) {
    return this.finishing.status(actor, publicationOf(id));
  }
}

function addressOf(id: string, seq: string): ChunkAddress {
  if (!/^\d{1,6}$/.test(seq)) throw new DomainError('BAD_INPUT', 'seq', { field: 'seq' });
  return { publicationId: publicationOf(id), seq: Number(seq) };
}

function publicationOf(id: string): PublicationId {
  if (!isUuid(id)) throw new DomainError('BAD_INPUT', 'publication id', { field: 'publicationId' });
  return id as PublicationId;
}

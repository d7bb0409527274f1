import { Controller, Get, Header } from '@nestjs/common';
import { Public } from '#platform/auth';
import { StatusListSigner } from './status-list.js';

@Controller('v1/status-list')
export class StatusListController {
  constructor(private readonly signer: StatusListSigner) {}

  @Public('key-holders hold no credential of the hub; the list names suspended parties by id only')
  @Get()
  @Header('content-type', 'application/jose')
  list(): Promise<string> {
    return this.signer.jws();
  }
}

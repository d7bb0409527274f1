import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ContributeFlow, type Contributed } from '#flows/joint-case';
import { Allow, CurrentActor } from '#platform/auth';
import type { Actor } from '#platform/database';
import { JsonBody } from '#platform/http';

/** The largest size class in base64url, with its envelope. */
const CONTRIBUTION_MAX = 4 * 1024 * 1024;

@Controller('v1/cases')
export class ContributionController {
  constructor(private readonly contributing: ContributeFlow) {}

  @Allow('cases:write')
  @Post(':caseId/contributions')
  @HttpCode(200)
  @JsonBody(CONTRIBUTION_MAX)
  contribute(@CurrentActor() actor: Actor, @Param('caseId') caseId: string, @Body() body: unknown): Promise<Contributed> {
    return this.contributing.run(actor, caseId, body);
  }
}

import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { IsArray, IsDefined, IsOptional } from 'class-validator';
import type { Purpose } from '#protocol';
import { LegalBasisInput } from '../clues/clue.input.js';
import { PurposeEnum } from '../clues/words.enum.js';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { PageArgs } from '../graphql/page.js';
import { Instant, Uuid } from '../graphql/scalars.js';

@ArgsType()
export class OverlapsArgs extends PageArgs {
  @Field(() => PurposeEnum, { description: 'What the answer is used for; on record.' })
  @IsDefined()
  purpose!: Purpose;

  @Field(() => LegalBasisInput, { description: 'Legal basis of the query; on record.' })
  @IsDefined()
  legalBasis!: LegalBasisInput;

  @Field(() => Instant, { nullable: true, description: 'Only what changed after this instant.' })
  @IsOptional()
  since: Date | null = null;
}

@ArgsType()
export class OverlapArgs {
  @Field(() => PurposeEnum, { description: 'What the answer is used for; on record.' })
  @IsDefined()
  purpose!: Purpose;

  @Field(() => LegalBasisInput, { description: 'Legal basis of the query; on record.' })
  @IsDefined()
  legalBasis!: LegalBasisInput;

  @Field(() => Uuid, { description: 'Id of the overlap.' })
  @IsDefined()
  id!: string;
}

@InputType({ description: 'Tokens to ask about. The quota counts tokens, not requests.' })
export class CheckTokensInput extends IdempotentInput {
  @Field(() => PurposeEnum, { description: 'What the answer is used for; on record.' })
  @IsDefined()
  purpose!: Purpose;

  @Field(() => LegalBasisInput, { description: 'Legal basis of the query; on record.' })
  @IsDefined()
  legalBasis!: LegalBasisInput;

  @Field(() => [String], { description: '1 to 500 tokens of 32 lower-case hexadecimal digits.' })
  @IsArray()
  tokens!: string[];

  @Field(() => [String], { nullable: true, description: 'While two epochs go on: the tokens of the same values in the epoch before, one for each token in the same order. Each value is answered once, over both; both are debited.' })
  @IsOptional()
  @IsArray()
  formerTokens: string[] | null = null;
}

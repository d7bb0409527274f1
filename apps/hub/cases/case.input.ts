import { Field, InputType } from '@nestjs/graphql';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsDefined, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { Uuid } from '../graphql/scalars.js';
import { InvitationAnswerEnum } from './case-words.enum.js';

@InputType({ description: 'A seal key that a package is for, as the caller has pinned it.' })
export class RecipientInput {
  @Field(() => Uuid, { description: 'The liaison.' })
  @IsDefined()
  agency!: string;

  @Field(() => String, { description: 'RFC 7638 thumbprint of one of its seal keys.' })
  @Matches(/^[A-Za-z0-9_-]{43}$/)
  key!: string;
}

@InputType({ description: 'A joint case to propose from own overlaps.' })
export class ProposeCaseInput extends IdempotentInput {
  @Field(() => String, { description: "An officer's statement (JWS, typ tally-proposal+1): case id, lead, category, purpose, legal basis, liaison." })
  @IsString() @MaxLength(8192)
  jws!: string;

  @Field(() => [Uuid], { description: '1 to 500 open overlaps of the caller.' })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(500)
  overlapIds!: string[];

  @Field(() => [RecipientInput], { description: 'The keys that contributions will be sealed to.' })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(8) @ValidateNested({ each: true }) @Type(() => RecipientInput)
  recipients!: RecipientInput[];
}

@InputType({ description: 'Answer to an invitation.' })
export class AnswerInvitationInput extends IdempotentInput {
  @Field(() => Uuid, { description: 'The case.' })
  @IsDefined()
  caseId!: string;

  @Field(() => InvitationAnswerEnum, { description: 'The answer.' })
  @IsDefined()
  answer!: 'JOIN' | 'DECLINE';
}

@InputType({ description: "An officer's approval of what a case will send." })
export class ApproveCaseInput extends IdempotentInput {
  @Field(() => Uuid, { description: 'The case.' })
  @IsDefined()
  caseId!: string;

  @Field(() => String, { description: "The officer's statement (JWS, typ tally-approval+1): case, package, digest, recipients, purpose." })
  @IsString() @MaxLength(8192)
  jws!: string;
}

@InputType({ description: 'A case to take back.' })
export class WithdrawCaseInput extends IdempotentInput {
  @Field(() => Uuid, { description: 'The case.' })
  @IsDefined()
  caseId!: string;
}

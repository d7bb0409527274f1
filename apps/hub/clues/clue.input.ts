import { Field, InputType, Int } from '@nestjs/graphql';
import { IsArray, IsDefined, IsOptional, IsString } from 'class-validator';
import type { LegalBasisCode, RetractionReason } from '#protocol';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { Uuid } from '../graphql/scalars.js';
import { ConfirmationLevelEnum, LegalBasisCodeEnum, PurposeEnum, RetractionReasonEnum, StrengthEnum, SubjectRoleEnum, TlpEnum } from './words.enum.js';

@InputType({ description: 'Legal basis of a publication, query or disclosure.' })
export class LegalBasisInput {
  @Field(() => LegalBasisCodeEnum, { description: 'Which basis.' })
  @IsDefined()
  code!: LegalBasisCode;

  @Field(() => String, { nullable: true, description: 'Code or name of the law; needed for a statutory duty and for another law.' })
  @IsOptional()
  law?: string | null;

  @Field(() => String, { nullable: true, description: 'Article of that law.' })
  @IsOptional()
  article?: string | null;
}

@InputType({ description: 'One form of the indicator that a clue is about.' })
export class ClueFormInput {
  @Field(() => String, { description: 'Kind of the token, e.g. phone, or a variant, e.g. org_core.' })
  @IsString()
  kind!: string;

  @Field(() => StrengthEnum, { description: 'EXACT for the first form, WEAK for the others.' })
  @IsDefined()
  strength!: string;

  @Field(() => String, { description: 'Token: 32 lower-case hexadecimal digits.' })
  @IsString()
  token!: string;
}

@InputType({ description: 'A clue to publish. Nothing is defaulted: what is missing is refused.' })
export class ClueInput {
  @Field(() => Uuid, { description: 'UUIDv7 made by the publishing agent; never used before.' })
  @IsDefined()
  clueId!: string;

  @Field(() => Int, { description: 'Epoch of the key that made the tokens.' })
  @IsDefined()
  epoch!: number;

  @Field(() => String, { description: 'Kind and version of its normaliser, e.g. phone@1.' })
  @IsDefined()
  kindVersion!: string;

  @Field(() => [ClueFormInput], { description: '1 to 8 forms: the exact one first, then weak variants.' })
  @IsDefined()
  forms!: ClueFormInput[];

  @Field(() => String, { description: 'Category code (docs/recognition-codes.md).' })
  @IsDefined()
  category!: string;

  @Field(() => [String], { description: 'Codes of the recognition means.' })
  @IsDefined()
  means!: string[];

  @Field(() => SubjectRoleEnum, { description: 'Role of the subject.' })
  @IsDefined()
  role!: string;

  @Field(() => ConfirmationLevelEnum, { description: 'Confirmation level claimed.' })
  @IsDefined()
  level!: string;

  @Field(() => PurposeEnum, { description: 'Purpose of the publication.' })
  @IsDefined()
  purpose!: string;

  @Field(() => LegalBasisInput, { description: 'Legal basis of the publication.' })
  @IsDefined()
  legalBasis!: LegalBasisInput;

  @Field(() => TlpEnum, { description: 'Handling.' })
  @IsDefined()
  tlp!: string;

  @Field(() => String, { description: 'First sighting: a day or an instant in UTC, ISO 8601.' })
  @IsDefined()
  firstSeen!: string;

  @Field(() => String, { description: 'Last sighting: a day or an instant in UTC, ISO 8601.' })
  @IsDefined()
  lastSeen!: string;

  @Field(() => String, { nullable: true, description: 'Named approver; needed for L3.' })
  @IsOptional()
  approver?: string | null;

  @Field(() => String, { nullable: true, description: 'Reference to the decision; needed for L4.' })
  @IsOptional()
  authorityReference?: string | null;

  @Field(() => [String], { nullable: true, description: 'Codes of the proof fields that the publisher holds; L3 needs all that its means require.' })
  @IsOptional()
  evidence?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Sealed detail, base64url: AEAD overhead of at most 64 bytes and a multiple of 256. Every kind but texts needs it.' })
  @IsOptional()
  detail?: string | null;

  @Field(() => [String], { nullable: true, description: 'Tokens of the bands of a text, in order of position; texts only.' })
  @IsOptional()
  bands?: string[] | null;

  @Field(() => Int, { description: 'Revision of the detail, from 1.' })
  @IsDefined()
  revision!: number;
}

@InputType({ description: 'A small batch of clues; larger ones go to the bulk route.' })
export class PublishCluesInput extends IdempotentInput {
  @Field(() => [ClueInput], { description: '1 to 500 clues, each judged alone.' })
  @IsArray()
  clues!: ClueInput[];
}

@InputType({ description: 'Clues to take back.' })
export class RetractCluesInput extends IdempotentInput {
  @Field(() => [Uuid], { description: '1 to 500 ids of own clues.' })
  @IsArray()
  clueIds!: string[];

  @Field(() => RetractionReasonEnum, { description: 'Why.' })
  @IsDefined()
  reason!: RetractionReason;
}

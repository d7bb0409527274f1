import { Field, Float, InputType } from '@nestjs/graphql';
import { IsArray, IsBoolean, IsNumber, IsString, MaxLength } from 'class-validator';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { Uuid } from '../graphql/scalars.js';

@InputType({ description: "A member's signed statement on one of its brands." })
export class RegisterBrandInput extends IdempotentInput {
  @Field(() => String, { description: "Compact JWS by the member's evidence key, typ tally-brand+1." })
  @IsString() @MaxLength(131_072)
  jws!: string;
}

@InputType({ description: 'An alert for the owner of a brand: ids and ciphertext.' })
export class SendBrandAlertInput extends IdempotentInput {
  @Field(() => Uuid, { description: 'Owner of the brand.' })
  @IsString()
  owner!: string;

  @Field(() => Uuid, { description: 'The brand.' })
  @IsString()
  brandId!: string;

  @Field(() => Uuid, { description: 'Made by the sender.' })
  @IsString()
  alertId!: string;

  @Field(() => String, { description: "JWE General JSON to the owner's sealing keys, as text, padded." })
  @IsString() @MaxLength(131_072)
  sealed!: string;
}

@InputType({ description: 'Tokens of one warning list.' })
export class GiveWarnedTokensInput extends IdempotentInput {
  @Field(() => String, { description: 'AUTHORITY, BENIGN or OWN.' })
  @IsString()
  list!: string;

  @Field(() => Float, { description: 'Epoch of the tokens.' })
  @IsNumber()
  epoch!: number;

  @Field(() => Boolean, { description: 'First forget what the member gave for this list before.' })
  @IsBoolean()
  replace!: boolean;

  @Field(() => [String], { description: '1 to 500 tokens, 32 lower-case hex digits each.' })
  @IsArray()
  tokens!: string[];
}

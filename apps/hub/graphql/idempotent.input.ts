import { Field, InputType } from '@nestjs/graphql';
import { IsString, Length } from 'class-validator';

/** What the input of every mutation begins with: Idempotency (libs/platform/idempotency) keeps the answer under this key. */
@InputType({ isAbstract: true })
export abstract class IdempotentInput {
  @Field(() => String, { description: 'Chosen at random by the caller, 16 to 64 characters; the same key gives the same answer and never acts twice.' })
  @IsString() @Length(16, 64)
  idempotencyKey!: string;
}

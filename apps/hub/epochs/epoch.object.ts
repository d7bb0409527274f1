import { Field, Float, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';
import type { EpochState } from '#domain/epochs';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { Instant } from '../graphql/scalars.js';

const EpochStateEnum = { CURRENT: 'CURRENT', OVERLAP: 'OVERLAP', ENDED: 'ENDED', STOPPED: 'STOPPED' } as const;
registerEnumType(EpochStateEnum, {
  name: 'EpochState',
  description: 'What an epoch is good for now.',
  valuesMap: {
    CURRENT: { description: 'Clues are published and moved into it.' },
    OVERLAP: { description: 'Goes on beside the current one until the overlap is over.' },
    ENDED: { description: 'Its overlap is over: it matches nothing, its tokens are being erased or gone.' },
    STOPPED: { description: 'Ended at once by the key-holders.' },
  },
});

@ObjectType('Epoch', { description: 'An epoch as the hub registers it. Its key is judged by the manifest that the key-holders sign, never by this.' })
export class EpochObject {
  @Field(() => Float, { description: 'Number of the epoch.' })
  epoch!: number;

  @Field(() => EpochStateEnum, { description: 'What it is good for now.' })
  state!: EpochState;

  @Field(() => String, { nullable: true, description: 'SHA-256 (base64url) of the manifest announced; null for an epoch that was stopped without having been announced.' })
  manifestHash!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was announced.' })
  announcedAt!: Date | null;

  @Field(() => Instant, { nullable: true, description: 'Until then the epochs before it go on.' })
  overlapUntil!: Date | null;

  @Field(() => Instant, { nullable: true, description: 'When it was stopped.' })
  stoppedAt!: Date | null;

  @Field(() => Instant, { nullable: true, description: 'When its last token was erased.' })
  erasedAt!: Date | null;
}

@InputType({ description: 'A document that at least t key-holders signed, and the statement of an officer about it.' })
export class EpochChangeInput extends IdempotentInput {
  @Field(() => String, { description: 'JWS General JSON: the manifest of a new epoch, or the stop of an old one.' })
  @IsString() @MaxLength(65_536)
  document!: string;

  @Field(() => String, { description: 'Compact JWS of a coordinator\'s officer over the digest of the document.' })
  @IsString() @MaxLength(8_192)
  jws!: string;
}

import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/page.js';
import { Instant, Uuid } from '../graphql/scalars.js';

@ObjectType({ description: "A brand of the registry. Believe the statement's signature, by a pinned key, and nothing else." })
export class Brand {
  @Field(() => Uuid, { description: 'The member that signed it.' })
  owner!: string;

  @Field(() => Uuid, { description: 'The brand.' })
  brandId!: string;

  @Field(() => Int, { description: 'Rises with every statement.' })
  revision!: number;

  @Field(() => Boolean, { description: 'Nothing is protected any longer.' })
  withdrawn!: boolean;

  @Field(() => String, { description: 'Compact JWS, typ tally-brand+1.' })
  statement!: string;
}

@ObjectType({ description: 'Brands in order of owner and brand.' })
export class BrandConnection extends connectionOf(Brand, 'Brand') {}

@ObjectType({ description: 'What was registered.' })
export class BrandReceipt {
  @Field(() => Uuid, { description: 'The brand.' })
  brandId!: string;

  @Field(() => Int, { description: 'Its revision.' })
  revision!: number;
}

@ObjectType({ description: "An alert about an own brand: ciphertext for the owner's sealing key." })
export class BrandAlert {
  @Field(() => Uuid, { description: 'The alert.' })
  alertId!: string;

  @Field(() => Uuid, { description: 'The brand.' })
  brandId!: string;

  @Field(() => String, { description: 'JWE General JSON, as text.' })
  sealed!: string;

  @Field(() => Instant, { description: 'When it came.' })
  sentAt!: Date;
}

@ObjectType({ description: 'Alerts about own brands.' })
export class BrandAlertConnection extends connectionOf(BrandAlert, 'BrandAlert') {}

@ObjectType({ description: 'An alert was passed on.' })
export class BrandAlertReceipt {
  @Field(() => Uuid, { description: 'The alert.' })
  alertId!: string;
}

@ObjectType({ description: 'Tokens were taken.' })
export class WarnedTokensReceipt {
  @Field(() => Int, { description: 'How many this call brought.' })
  given!: number;
}

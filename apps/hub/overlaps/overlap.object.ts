import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/page.js';
import { Day, Instant, Uuid } from '../graphql/scalars.js';
import { BandEnum, ConfirmationLevelEnum, OverlapStateEnum, StrengthEnum } from '../clues/words.enum.js';

@ObjectType({ description: "One form of an own clue that other members hold too. Bands and classes, never who: a lead, not a decision." })
export class Overlap {
  @Field(() => Uuid, { description: 'Id of the overlap as this member sees it.' })
  id!: string;

  @Field(() => Uuid, { description: 'The own clue.' })
  clueId!: string;

  @Field(() => String, { description: 'Kind of the form that matches.' })
  kind!: string;

  @Field(() => StrengthEnum, { description: 'EXACT when both sides hold the canonical form itself.' })
  strength!: string;

  @Field(() => BandEnum, { description: 'How many other members hold it.' })
  others!: string;

  @Field(() => [String], { description: "Categories of the others' clues." })
  categories!: readonly string[];

  @Field(() => [ConfirmationLevelEnum], { description: "Levels of the others' clues." })
  levels!: readonly string[];

  @Field(() => ConfirmationLevelEnum, { description: 'Effective level: two independent members corroborate each other (L2) on an exact form.' })
  level!: string;

  @Field(() => Boolean, { description: 'Somebody holds it in the role IMPERSONATED: it is misused by others.' })
  impersonated!: boolean;

  @Field(() => Day, { nullable: true, description: 'First sighting by others.' })
  firstSeen!: Date | null;

  @Field(() => Day, { nullable: true, description: 'Last sighting by others.' })
  lastSeen!: Date | null;

  @Field(() => OverlapStateEnum, { description: 'Whether it stands.' })
  state!: string;

  @Field(() => Instant, { description: 'When it was first found.' })
  openedAt!: Date;

  @Field(() => Instant, { description: 'When it last changed.' })
  changedAt!: Date;
}

@ObjectType({ description: 'Overlaps in order of their last change.' })
export class OverlapConnection extends connectionOf(Overlap, 'Overlap') {}

@ObjectType({ description: 'Answer about one token; the same shape whether it is unknown, ended or not for this member.' })
export class CheckAnswer {
  @Field(() => Int, { description: 'Place in the list that was asked, from 0.' })
  index!: number;

  @Field(() => BandEnum, { description: 'How many other members hold it.' })
  band!: string;

  @Field(() => StrengthEnum, { nullable: true, description: 'EXACT when another member holds it as a canonical form.' })
  strength!: string | null;

  @Field(() => [String], { description: "Categories of the others' clues." })
  categories!: readonly string[];

  @Field(() => [ConfirmationLevelEnum], { description: "Levels of the others' clues." })
  levels!: readonly string[];

  @Field(() => Boolean, { description: 'Somebody holds it in the role IMPERSONATED.' })
  impersonated!: boolean;

  @Field(() => Day, { nullable: true, description: 'First sighting by others.' })
  firstSeen!: Date | null;

  @Field(() => Day, { nullable: true, description: 'Last sighting by others.' })
  lastSeen!: Date | null;
}

@ObjectType({ description: 'Answers to a check.' })
export class CheckTokensPayload {
  @Field(() => Uuid, { description: 'Record of this disclosure.' })
  disclosureId!: string;

  @Field(() => Int, { description: 'Tokens that may still be asked today (UTC).' })
  remaining!: number;

  @Field(() => [CheckAnswer], { description: 'One answer for each token, in the order asked.' })
  answers!: readonly CheckAnswer[];
}

@ObjectType({ description: 'Something that the caller can look up has changed.' })
export class PartyEvent {
  @Field(() => Int, { description: 'Number in the feed of the party: from 1, without gaps.' })
  seq!: number;

  @Field(() => String, { description: 'What happened, e.g. OVERLAP_OPENED, OVERLAP_WITHDRAWN, CLUE_RETRACTED.' })
  kind!: string;

  @Field(() => Uuid, { description: 'What to look up: an overlap, a disclosure, a case, a package.' })
  subjectId!: string;

  @Field(() => Instant, { description: 'When.' })
  at!: Date;
}

@ObjectType({ description: "The party's events, oldest first." })
export class PartyEventConnection extends connectionOf(PartyEvent, 'PartyEvent') {}

import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../graphql/page.js';
import { Instant, Uuid } from '../graphql/scalars.js';
import {
  BandEnum, ClueOutcomeEnum, ClueStateEnum, ConfirmationLevelEnum, LegalBasisCodeEnum, PurposeEnum, RetractionOutcomeEnum, RetractionReasonEnum, SubjectRoleEnum, TlpEnum,
} from './words.enum.js';

@ObjectType({ description: 'An own clue as the hub holds it. Token and sealed detail are not given back.' })
export class Clue {
  @Field(() => Uuid, { description: 'Id made by the publishing agent.' })
  clueId!: string;

  @Field(() => Uuid, { description: 'Publication it came with.' })
  publicationId!: string;

  @Field(() => Int, { description: 'Epoch of its tokens.' })
  epoch!: number;

  @Field(() => String, { description: 'Kind and version of the normaliser.' })
  kindVersion!: string;

  @Field(() => String, { description: 'Category code.' })
  category!: string;

  @Field(() => [String], { description: 'Codes of the recognition means.' })
  means!: readonly string[];

  @Field(() => SubjectRoleEnum, { description: 'Role of the subject.' })
  role!: string;

  @Field(() => ConfirmationLevelEnum, { description: 'Confirmation level claimed.' })
  level!: string;

  @Field(() => PurposeEnum, { description: 'Purpose of the publication.' })
  purpose!: string;

  @Field(() => LegalBasisCodeEnum, { description: 'Legal basis of the publication.' })
  basisCode!: string;

  @Field(() => String, { nullable: true, description: 'Law of the basis.' })
  basisLaw!: string | null;

  @Field(() => String, { nullable: true, description: 'Article of that law.' })
  basisArticle!: string | null;

  @Field(() => TlpEnum, { description: 'Handling.' })
  tlp!: string;

  @Field(() => Instant, { description: 'First sighting.' })
  firstSeen!: Date;

  @Field(() => Instant, { description: 'Last sighting.' })
  lastSeen!: Date;

  @Field(() => [String], { description: 'Codes of the proof fields declared.' })
  evidence!: readonly string[];

  @Field(() => Int, { description: 'Revision of the detail.' })
  revision!: number;

  @Field(() => ClueStateEnum, { description: 'Whether it takes part in matches.' })
  state!: string;

  @Field(() => Instant, { description: 'When it was published.' })
  publishedAt!: Date;

  @Field(() => Instant, { description: 'When it ends by itself.' })
  expiresAt!: Date;

  @Field(() => Instant, { nullable: true, description: 'When it was taken back.' })
  retractedAt!: Date | null;

  @Field(() => RetractionReasonEnum, { nullable: true, description: 'Why it was taken back.' })
  retractionReason!: string | null;
}

@ObjectType({ description: 'Own clues in order of their ids.' })
export class ClueConnection extends connectionOf(Clue, 'Clue') {}

@ObjectType({ description: 'What became of one clue.' })
export class PublishedClue {
  @Field(() => Uuid, { nullable: true, description: 'The clue.' })
  clueId!: string | null;

  @Field(() => ClueOutcomeEnum, { description: 'Its fate.' })
  outcome!: string;

  @Field(() => String, { nullable: true, description: 'Error code of a refusal.' })
  code!: string | null;

  @Field(() => String, { nullable: true, description: 'Member of the input that the refusal is about.' })
  field!: string | null;

  @Field(() => Uuid, { nullable: true, description: 'The own live clue on the same token, when already known.' })
  knownAs!: string | null;
}

@ObjectType({ description: 'Answer to a small publication.' })
export class PublishCluesPayload {
  @Field(() => Uuid, { description: 'Id of the publication; its match is found under /v1/publications/{id}.' })
  publicationId!: string;

  @Field(() => Int, { description: 'Clues published.' })
  accepted!: number;

  @Field(() => Int, { description: 'Clues whose token the member had published before.' })
  alreadyKnown!: number;

  @Field(() => [PublishedClue], { description: 'One item for each clue, in the order sent.' })
  items!: readonly PublishedClue[];

  @Field(() => BandEnum, { description: 'How many of these clues other members hold at this moment.' })
  overlapsAtOnce!: string;
}

@ObjectType({ description: 'What became of one clue of a retraction.' })
export class RetractedClue {
  @Field(() => Uuid, { description: 'The clue.' })
  clueId!: string;

  @Field(() => RetractionOutcomeEnum, { description: 'Its fate.' })
  outcome!: string;
}

@ObjectType({ description: 'Answer to a retraction. It is in force when this is read.' })
export class RetractCluesPayload {
  @Field(() => Int, { description: 'Clues taken back now.' })
  retracted!: number;

  @Field(() => [RetractedClue], { description: 'One item for each clue id.' })
  items!: readonly RetractedClue[];

  @Field(() => Int, { description: 'Own overlaps that were open and are withdrawn now.' })
  withdrawn!: number;
}

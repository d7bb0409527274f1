import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { BandEnum } from '../clues/words.enum.js';
import { connectionOf } from '../graphql/page.js';
import { Instant, Uuid } from '../graphql/scalars.js';
import { ApprovalSideEnum, CasePartEnum, CaseStateEnum, HandlingEnum, InvitationStateEnum, OutcomeKindEnum, PackageKindEnum, PackageStateEnum, ReceiptKindEnum } from './case-words.enum.js';

@ObjectType({ description: 'A case by its id.' })
export class CasePayload {
  @Field(() => Uuid, { description: 'Id of the case.' })
  caseId!: string;
}

@ObjectType({ description: 'Where an approval stands.' })
export class ApproveCasePayload extends CasePayload {
  @Field(() => Int, { description: 'Approvals of the present digest: 1 or 2.' })
  approvals!: number;

  @Field(() => Uuid, { nullable: true, description: 'The package, once both sides have approved.' })
  packageId!: string | null;
}

@ObjectType({ description: 'A seal key that contributions of a case are for. Compare it with your own pins; never trust it because it stands here.' })
export class CaseRecipient {
  @Field(() => Uuid, { description: 'The liaison.' })
  agency!: string;

  @Field(() => String, { description: 'RFC 7638 thumbprint.' })
  key!: string;
}

@ObjectType({ description: 'Legal basis of a case.' })
export class CaseLegalBasis {
  @Field(() => String, { description: 'Code of the basis.' })
  code!: string;

  @Field(() => String, { description: 'Law, or empty.' })
  law!: string;

  @Field(() => String, { description: 'Article, or empty.' })
  article!: string;
}

@ObjectType({ description: 'A member that has joined, shown to those who have joined.' })
export class CaseParticipant {
  @Field(() => Uuid, { description: 'Id of the party.' })
  partyId!: string;

  @Field(() => String, { description: 'Name.' })
  name!: string;

  @Field(() => String, { description: 'Name in Chinese.' })
  nameZh!: string;

  @Field(() => CasePartEnum, { description: 'Its part.' })
  part!: string;
}

@ObjectType({ description: 'An own contribution. The hub holds its ciphertext and cannot open it.' })
export class OwnContribution {
  @Field(() => Uuid, { description: 'Id.' })
  id!: string;

  @Field(() => Int, { description: 'Bytes of the ciphertext.' })
  size!: number;

  @Field(() => String, { description: 'SHA-256 of the ciphertext, hexadecimal.' })
  sha256!: string;

  @Field(() => HandlingEnum, { description: 'Weakest handling that the contributor allows.' })
  handlingFloor!: string;

  @Field(() => Instant, { description: 'When it came.' })
  createdAt!: Date;
}

@ObjectType({ description: 'An approval of the present digest.' })
export class CaseApproval {
  @Field(() => ApprovalSideEnum, { description: 'Whose officer.' })
  side!: string;

  @Field(() => Instant, { description: 'When.' })
  createdAt!: Date;
}

@ObjectType({ description: 'What there is to approve, for the approving sides.' })
export class Approvable {
  @Field(() => String, { description: 'RFC 8785 text of the payload of the envelope, without approvals. Hash it yourself.' })
  payload!: string;

  @Field(() => String, { description: 'SHA-256 of that text, hexadecimal.' })
  digest!: string;

  @Field(() => [CaseApproval], { description: 'Approvals of this digest.' })
  approvals!: readonly CaseApproval[];
}

@ObjectType({ description: 'A signed receipt of a liaison.' })
export class PackageReceipt {
  @Field(() => Uuid, { description: 'Id.' })
  id!: string;

  @Field(() => ReceiptKindEnum, { description: 'What is acknowledged.' })
  kind!: string;

  @Field(() => String, { description: 'The statement itself (JWS, typ tally-receipt+1): verify it with the pinned key of the liaison.' })
  jws!: string;

  @Field(() => Instant, { description: 'When the hub got it.' })
  receivedAt!: Date;
}

@ObjectType({ description: 'A signed outcome of a liaison.' })
export class PackageOutcome {
  @Field(() => Uuid, { description: 'Id.' })
  id!: string;

  @Field(() => OutcomeKindEnum, { description: 'What became of it.' })
  kind!: string;

  @Field(() => Int, { nullable: true, description: 'Persons, where told.' })
  persons!: number | null;

  @Field(() => Float, { nullable: true, description: 'Whole yuan, where told.' })
  amountCny!: number | null;

  @Field(() => String, { description: 'Reference of the liaison.' })
  reference!: string;

  @Field(() => String, { description: 'The statement itself (JWS, typ tally-outcome+1).' })
  jws!: string;

  @Field(() => Instant, { description: 'When the hub got it.' })
  receivedAt!: Date;
}

@ObjectType({ description: 'A package as its parties follow it.' })
export class CasePackageState {
  @Field(() => Uuid, { description: 'Id.' })
  id!: string;

  @Field(() => PackageStateEnum, { description: 'State.' })
  state!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the sealed package, once it is sealed.' })
  digest!: string | null;

  @Field(() => [PackageReceipt], { description: 'Receipts, oldest first.' })
  receipts!: readonly PackageReceipt[];

  @Field(() => [PackageOutcome], { description: 'Outcomes, oldest first.' })
  outcomes!: readonly PackageOutcome[];
}

@ObjectType('JointCase', { description: 'A joint case as the caller may see it. Who else takes part is told once both sides have joined.' })
export class JointCaseObject {
  @Field(() => Uuid, { description: 'Id.' })
  id!: string;

  @Field(() => CaseStateEnum, { description: 'State.' })
  state!: string;

  @Field(() => String, { description: 'Category code.' })
  category!: string;

  @Field(() => String, { description: 'Purpose code.' })
  purpose!: string;

  @Field(() => CaseLegalBasis, { description: 'Legal basis.' })
  legalBasis!: CaseLegalBasis;

  @Field(() => Uuid, { description: 'The liaison that the case is for.' })
  liaisonId!: string;

  @Field(() => String, { description: 'Its name.' })
  liaisonName!: string;

  @Field(() => [CaseRecipient], { description: 'The keys that contributions are sealed to.' })
  recipients!: readonly CaseRecipient[];

  @Field(() => Uuid, { description: 'Id that the package has or will have.' })
  packageId!: string;

  @Field(() => CasePartEnum, { nullable: true, description: 'Part of the caller; null for a coordinator.' })
  part!: string | null;

  @Field(() => InvitationStateEnum, { nullable: true, description: 'Invitation of the caller; null for a coordinator.' })
  invitation!: string | null;

  @Field(() => [Uuid], { description: 'Own overlaps of the case.' })
  ownOverlapIds!: readonly string[];

  @Field(() => [OwnContribution], { description: 'Own contributions.' })
  ownContributions!: readonly OwnContribution[];

  @Field(() => [CaseParticipant], { description: 'Who has joined, for those who have joined.' })
  participants!: readonly CaseParticipant[];

  @Field(() => BandEnum, { description: 'How many were asked; ZERO for whom it is not told.' })
  asked!: string;

  @Field(() => BandEnum, { description: 'How many joined; ZERO for whom it is not told.' })
  joined!: string;

  @Field(() => Approvable, { nullable: true, description: 'What there is to approve, for the approving sides.' })
  approvable!: Approvable | null;

  @Field(() => CasePackageState, { nullable: true, description: 'The package, once approved.' })
  package!: CasePackageState | null;

  @Field(() => Instant, { description: 'When it was proposed.' })
  createdAt!: Date;

  @Field(() => Instant, { description: 'When it last changed.' })
  changedAt!: Date;
}

@ObjectType({ description: 'Cases, oldest first.' })
export class JointCaseConnection extends connectionOf(JointCaseObject, 'JointCase') {}

@ObjectType('Package', { description: 'A package of the calling liaison.' })
export class PackageObject {
  @Field(() => Uuid, { description: 'Id; fetch it at GET /v1/liaison/packages/{id}.' })
  id!: string;

  @Field(() => PackageKindEnum, { description: 'Kind.' })
  kind!: string;

  @Field(() => PackageStateEnum, { description: 'State.' })
  state!: string;

  @Field(() => String, { nullable: true, description: 'SHA-256 of the sealed package.' })
  digest!: string | null;

  @Field(() => Instant, { description: 'When it was made.' })
  createdAt!: Date;
}

@ObjectType({ description: 'Packages, oldest first.' })
export class PackageConnection extends connectionOf(PackageObject, 'Package') {}

@ObjectType({ description: 'A package by its id.' })
export class SendTestPackagePayload {
  @Field(() => Uuid, { description: 'Id of the package.' })
  packageId!: string;
}

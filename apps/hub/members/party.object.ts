import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IsString, MaxLength } from 'class-validator';
import type { PartyStatus } from '#domain/members';
import type { DirectoryAction, KeyUse, PartyRole } from '#protocol';
import { IdempotentInput } from '../graphql/idempotent.input.js';
import { connectionOf } from '../graphql/page.js';
import { Instant, Uuid } from '../graphql/scalars.js';
import { PartyRoleEnum } from './me.object.js';

const PartyStatusEnum = { PENDING: 'PENDING', ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED', EXPELLED: 'EXPELLED' } as const;
registerEnumType(PartyStatusEnum, {
  name: 'PartyStatus',
  description: 'Standing of a party.',
  valuesMap: {
    PENDING: { description: 'Proposed by one officer; waits for a second.' },
    ACTIVE: { description: 'Admitted.' },
    SUSPENDED: { description: 'Out until two officers lift the suspension.' },
    EXPELLED: { description: 'Out for good.' },
  },
});
const DirectoryActionEnum = { ADMIT: 'ADMIT', SUSPEND: 'SUSPEND', LIFT: 'LIFT' } as const;
registerEnumType(DirectoryActionEnum, {
  name: 'DirectoryAction',
  description: 'What officers of coordinators decide about a party.',
  valuesMap: { ADMIT: { description: 'Admission.' }, SUSPEND: { description: 'Suspension.' }, LIFT: { description: 'End of a suspension.' } },
});
const KeyUseEnum = { AUTH: 'auth', EVIDENCE: 'evidence', SEAL: 'seal' } as const;
registerEnumType(KeyUseEnum, {
  name: 'KeyUse',
  description: 'What a key is for; each key has one use.',
  valuesMap: {
    AUTH: { description: 'Authenticates the client at the token server.' },
    EVIDENCE: { description: 'Signs requests and contributions.' },
    SEAL: { description: 'Contributions and packages are sealed to it.' },
  },
});

@ObjectType({ description: 'An act that waits for a second officer.' })
export class OpenActObject {
  @Field(() => Uuid, { description: 'Id of the act.' })
  id!: string;

  @Field(() => DirectoryActionEnum, { description: 'What is proposed.' })
  action!: DirectoryAction;

  @Field(() => String, { description: 'Digest of the public file that the first officer signed (admission). Compare it with the file in hand.' })
  digest!: string;

  @Field(() => Int, { description: 'Signatures so far.' })
  signatures!: number;
}

@ObjectType('Party', { description: 'A party as the coordinator sees it.' })
export class PartyObject {
  @Field(() => Uuid, { description: 'Id of the party.' })
  id!: string;

  @Field(() => PartyRoleEnum, { description: 'Role.' })
  role!: PartyRole;

  @Field(() => String, { description: 'Registered name.' })
  name!: string;

  @Field(() => String, { description: 'Registered name in Chinese.' })
  nameZh!: string;

  @Field(() => PartyStatusEnum, { description: 'Standing.' })
  status!: PartyStatus;

  @Field(() => Int, { description: 'Rises with every change of standing; statements of officers name it.' })
  policyVersion!: number;

  @Field(() => String, { description: 'Jurisdiction, e.g. CN-31.' })
  jurisdiction!: string;

  @Field(() => Instant, { description: 'Last change of standing.' })
  changedAt!: Date;

  @Field(() => OpenActObject, { nullable: true, description: 'What waits for a second officer, if anything.' })
  openAct!: OpenActObject | null;
}

@ObjectType({ description: 'One page of parties.' })
export class PartyPage extends connectionOf(PartyObject, 'Party') {}

@ObjectType('PartyKey', { description: 'A public key in force. Served for comparison with pinned keys; never trusted because it stands here.' })
export class PartyKeyObject {
  @Field(() => ID, { description: 'RFC 7638 SHA-256 thumbprint, base64url.' })
  kid!: string;

  @Field(() => KeyUseEnum, { description: 'Use.' })
  use!: KeyUse;

  @Field(() => String, { description: 'x coordinate of the P-256 point, base64url.' })
  x!: string;

  @Field(() => String, { description: 'y coordinate of the P-256 point, base64url.' })
  y!: string;

  @Field(() => Instant, { description: 'In force since.' })
  validFrom!: Date;
}

@InputType({ description: 'A statement of an officer of a coordinator.' })
export class SignedActInput extends IdempotentInput {
  @Field(() => String, { description: 'Compact JWS by the officer over {v, action, federation, party, digest, policyVersion, time}; typ tally-admission+1 or tally-suspension+1.' })
  @IsString() @MaxLength(8192)
  jws!: string;
}

@InputType({ description: 'First of two statements that admit a party.' })
export class ProposeAdmissionInput extends SignedActInput {
  @Field(() => String, { description: 'Text of the party\'s public.json; the statement is over its digest.' })
  @IsString() @MaxLength(65_536)
  publicFile!: string;
}

import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { PartyRole } from '#protocol';
import { Uuid } from '../graphql/scalars.js';

export const PartyRoleEnum = { MEMBER: 'member', COORDINATOR: 'coordinator', LIAISON: 'liaison', AUDITOR: 'auditor' } as const;
registerEnumType(PartyRoleEnum, {
  name: 'PartyRole',
  description: 'What a party does in the network.',
  valuesMap: {
    MEMBER: { description: 'Bank or lender that publishes clues and asks.' },
    COORDINATOR: { description: 'Secretariat: admits, suspends and approves; sees no clues.' },
    LIAISON: { description: 'Police unit, prosecutor or regulator that receives case packages.' },
    AUDITOR: { description: 'Verifies the record.' },
  },
});

@ObjectType({ description: 'The caller, as the hub knows it.' })
export class Me {
  @Field(() => Uuid, { description: 'Id of the party.' })
  partyId!: string;

  @Field(() => PartyRoleEnum, { description: 'Role of the party.' })
  role!: PartyRole;

  @Field(() => String, { description: 'Registered name.' })
  name!: string;

  @Field(() => String, { description: 'Registered name in Chinese.' })
  nameZh!: string;

  @Field(() => ID, { description: 'Client that the access token was issued to.' })
  clientId!: string;

  @Field(() => [String], { description: 'Scopes of the access token.' })
  scopes!: string[];
}

/** Parties as the directory holds them. "Member" is a party that publishes and asks; the directory knows all four roles. */
import type { PublicJwk } from '#crypto';
import type { KeyId, PartyId } from '#kernel';
import type { KeyUse, PartyRole } from '#protocol';

export type PartyStatus = 'PENDING' | 'ACTIVE' | 'SUSPENDED' | 'EXPELLED';

/** Free text, or named lines. */
export type ContactDesk = string | {
  readonly [field: string]: string;
}
export interface Party {
  readonly id: PartyId;
  readonly role: PartyRole;
  readonly name: string;
  readonly nameZh: string;
  readonly status: PartyStatus;
  readonly policyVersion: number;
  readonly jurisdiction: string;
  readonly changedAt: Date;
}
/** What another party may know of one whose id it has. */
export interface PartyCard extends Omit<Party, 'changedAt'> {
  readonly contactDesk: ContactDesk;
  readonly webhookUrl: string | null;
}
export interface PartyKey {
  readonly kid: KeyId;
  readonly use: KeyUse;
  readonly jwk: PublicJwk;
  readonly validFrom: Date;
  readonly revokedAt: Date | null;
}
export interface Officer {
  readonly officerId: string;
  readonly partyId: PartyId;
  readonly role: PartyRole;
  readonly name: string;
  readonly kid: KeyId;
  readonly jwk: PublicJwk;
}

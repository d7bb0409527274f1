/** Branded primitives: a member id can never be passed where a clue id is meant. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export type PartyId = Brand<string, 'PartyId'>;
/** A party that publishes and asks: a bank or lender. Every member is a party. */
export type MemberId = PartyId & { readonly __member?: never };
export type ClueId = Brand<string, 'ClueId'>;
export type OverlapId = Brand<string, 'OverlapId'>;
export type CaseId = Brand<string, 'CaseId'>;
export type ContributionId = Brand<string, 'ContributionId'>;
export type PackageId = Brand<string, 'PackageId'>;
export type PublicationId = Brand<string, 'PublicationId'>;
export type OutboxId = Brand<string, 'OutboxId'>;
/** RFC 7638 SHA-256 thumbprint, base64url. */
export type KeyId = Brand<string, 'KeyId'>;

/** True for a lower-case RFC 9562 UUID of any version; versions are not trusted for anything. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/** The 48-bit millisecond time of a UUIDv7 (RFC 9562 5.7), or null for another version. */
export function uuidV7Time(value: string): number | null {
  return isUuid(value) && value[14] === '7' ? parseInt(value.slice(0, 8) + value.slice(9, 13), 16) : null;
}

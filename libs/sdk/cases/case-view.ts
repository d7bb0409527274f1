/** A joint case as the hub tells it. Everything here is the hub's word: recipients are compared with pins, digests are computed again. */
import type { CaseBasis, Recipient } from '#protocol';

export interface HubCase {
  readonly id: string;
  readonly state: string;
  readonly category: string;
  readonly purpose: string;
  readonly legalBasis: CaseBasis;
  readonly liaisonId: string;
  readonly liaisonName: string;
  readonly recipients: readonly Recipient[];
  readonly packageId: string;
  readonly part: string | null;
  readonly invitation: string | null;
  readonly ownOverlapIds: readonly string[];
  readonly ownContributions: readonly { readonly id: string; readonly size: number; readonly sha256: string; readonly handlingFloor: string; readonly createdAt: string }[];
  readonly participants: readonly { readonly partyId: string; readonly name: string; readonly nameZh: string; readonly part: string }[];
  readonly asked: string;
  readonly joined: string;
  readonly approvable: { readonly payload: string; readonly digest: string; readonly approvals: readonly { readonly side: string; readonly createdAt: string }[] } | null;
  readonly package: {
    readonly id: string;
    readonly state: string;
    readonly digest: string | null;
    readonly receipts: readonly { readonly id: string; readonly kind: string; readonly jws: string; readonly receivedAt: string }[];
    readonly outcomes: readonly { readonly id: string; readonly kind: string; readonly persons: number | null; readonly amountCny: number | null; readonly reference: string; readonly jws: string; readonly receivedAt: string }[];
  } | null;
  readonly createdAt: string;
  readonly changedAt: string;
}

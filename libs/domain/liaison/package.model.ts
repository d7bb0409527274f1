/** Packages as the database holds them, and what liaisons say about them. */
import type { CaseId, PackageId, PartyId } from '#kernel';
import type { OutcomeKind, PackageKind, ReceiptKind } from '#protocol';
import type { PackageState } from './package.machine.js';

export interface PackageRow {
  readonly id: PackageId;
  readonly kind: PackageKind;
  readonly caseId: CaseId | null;
  readonly liaisonId: PartyId;
  readonly state: PackageState;
  /** SHA-256 hex of the package; null until it is sealed. */
  readonly digest: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
}
/** One line of a liaison's inbox. */
export interface InboxEntry {
  readonly kind: 'OFFERED' | 'SUPERSEDING_NOTICE';
  readonly packageId: PackageId;
  readonly packageKind: PackageKind;
  readonly digest: string | null;
  readonly size: number;
  readonly at: Date;
  readonly xid: string;
  readonly seq: string;
}
export interface ReceiptRow { readonly id: string; readonly kind: ReceiptKind; readonly jws: string; readonly sha256: string; readonly receivedAt: Date }
export interface OutcomeRow { readonly id: string; readonly kind: OutcomeKind; readonly persons: number | null; readonly amountCny: number | null; readonly reference: string; readonly jws: string; readonly receivedAt: Date }

/** The life of a package (docs/packages.md). Only signed receipts move one past FETCHED. */
import { DomainError } from '#kernel';
import type { ReceiptKind } from '#protocol';

export const PACKAGE_STATES = ['BUILDING', 'SEALED', 'OFFERED', 'FETCHED', 'RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED', 'WITHDRAWN', 'EXPIRED', 'DEAD_LETTER'] as const;
export type PackageState = (typeof PACKAGE_STATES)[number];
export const PACKAGE_ACTS = ['seal', 'offer', 'fetch', 'receive', 'accept', 'reject', 'close', 'withdraw', 'expire', 'bury', 'redrive'] as const;
export type PackageAct = (typeof PACKAGE_ACTS)[number];

const MOVES: Readonly<Record<PackageState, Partial<Readonly<Record<PackageAct, PackageState>>>>> = {
  BUILDING: { seal: 'SEALED', withdraw: 'WITHDRAWN', bury: 'DEAD_LETTER' },
  SEALED: { offer: 'OFFERED', withdraw: 'WITHDRAWN', bury: 'DEAD_LETTER' },
  OFFERED: { fetch: 'FETCHED', withdraw: 'WITHDRAWN', expire: 'EXPIRED' },
  FETCHED: { fetch: 'FETCHED', receive: 'RECEIVED', expire: 'EXPIRED' },
  RECEIVED: { fetch: 'RECEIVED', accept: 'ACCEPTED', reject: 'REJECTED' },
  ACCEPTED: { fetch: 'ACCEPTED', close: 'CLOSED' },
  REJECTED: { fetch: 'REJECTED', close: 'CLOSED' },
  CLOSED: { fetch: 'CLOSED' },
  WITHDRAWN: {},
  EXPIRED: {},
  DEAD_LETTER: { redrive: 'BUILDING' },
};

/** What a receipt of a kind does; the kinds that are not here are appended events and move nothing. */
export const RECEIPT_ACTS: Readonly<Partial<Record<ReceiptKind, PackageAct>>> = { RECEIVED: 'receive', ACCEPTED: 'accept', REJECTED: 'reject' };

/** @throws DomainError STATE_CONFLICT */
export function movePackage(state: PackageState, act: PackageAct): PackageState {
  const next = MOVES[state][act];
  if (!next) throw new DomainError('STATE_CONFLICT', `a package that is ${state} cannot ${act}`, { state, act });
  return next;
}

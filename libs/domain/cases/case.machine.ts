/** The life of a joint case and of an invitation (docs/packages.md). Pure tables: what is not listed cannot happen. */
import { DomainError } from '#kernel';

export type CaseState = 'PROPOSED' | 'OPEN' | 'APPROVED' | 'CLOSED' | 'WITHDRAWN';
/** open: the first invited member joined. */
export const CASE_ACTS = ['open', 'contribute', 'approve', 'withdraw', 'close'] as const;
export type CaseAct = (typeof CASE_ACTS)[number];

const CASE_MOVES: Readonly<Record<CaseState, Partial<Readonly<Record<CaseAct, CaseState>>>>> = {
  PROPOSED: { open: 'OPEN', withdraw: 'WITHDRAWN' },
  OPEN: { open: 'OPEN', contribute: 'OPEN', approve: 'APPROVED', withdraw: 'WITHDRAWN' },
  APPROVED: { close: 'CLOSED', withdraw: 'WITHDRAWN' },
  CLOSED: {},
  WITHDRAWN: {},
};

export type InvitationState = 'ASKED' | 'JOINED' | 'DECLINED' | 'LAPSED';
export const INVITATION_ACTS = ['join', 'decline', 'lapse'] as const;
export type InvitationAct = (typeof INVITATION_ACTS)[number];

const INVITATION_MOVES: Readonly<Record<InvitationState, Partial<Readonly<Record<InvitationAct, InvitationState>>>>> = {
  ASKED: { join: 'JOINED', decline: 'DECLINED', lapse: 'LAPSED' },
  JOINED: {},
  DECLINED: {},
  LAPSED: {},
};

/** @throws DomainError STATE_CONFLICT */
export function moveCase(state: CaseState, act: CaseAct): CaseState {
  const next = CASE_MOVES[state][act];
  if (!next) throw new DomainError('STATE_CONFLICT', `a case that is ${state} cannot ${act}`, { state, act });
  return next;
}

/** @throws DomainError STATE_CONFLICT */
export function moveInvitation(state: InvitationState, act: InvitationAct): InvitationState {
  const next = INVITATION_MOVES[state][act];
  if (!next) throw new DomainError('STATE_CONFLICT', `an invitation that is ${state} cannot ${act}`, { state, act });
  return next;
}

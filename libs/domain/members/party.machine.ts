/** What status a signed act needs and leads to, and how many different officers must have signed it. */
import type { DirectoryAction } from '#protocol';
import type { PartyStatus } from './member.model.js';

export interface ActRule {
  readonly from: PartyStatus;
  readonly to: PartyStatus;
  /** Suspending protects others and takes one; what opens the network takes two. */
  readonly officers: 1 | 2;
}

export const ACT_RULES: Readonly<Record<DirectoryAction, ActRule>> = {
  ADMIT: { from: 'PENDING', to: 'ACTIVE', officers: 2 },
  SUSPEND: { from: 'ACTIVE', to: 'SUSPENDED', officers: 1 },
  LIFT: { from: 'SUSPENDED', to: 'ACTIVE', officers: 2 },
};

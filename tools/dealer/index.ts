export { deal, type Dealt, type DealOptions, DEALER_NOTICE } from './deal.js';
export { readMembers, type RosterEntry, type RosterOptions, signRoster } from './roster.js';

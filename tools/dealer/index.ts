export { deal, type Dealt, type DealOptions, DEALER_NOTICE, type ShareFile } from './deal.js';
export { readMembers, type RosterEntry, type RosterOptions, signRoster } from './roster.js';

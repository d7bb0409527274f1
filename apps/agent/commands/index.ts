/** Every command of `tally`, in the order of its help. */
import type { CommandModule } from '../shell/command-module.js';
import { adminCommand } from './admin.command.js';
import { brandCommand } from './brand.command.js';
import { caseCommand } from './case.command.js';
import { ceremonyCommand } from './ceremony.command.js';
import { checkCommand } from './check.command.js';
import { connectCommand } from './connect.command.js';
import { epochCommand } from './epoch.command.js';
import { eventsCommand } from './events.command.js';
import { evidenceCommand } from './evidence.command.js';
import { initCommand } from './init.command.js';
import { keysCommand } from './keys.command.js';
import { kindsCommand } from './kinds.command.js';
import { liaisonCommand } from './liaison.command.js';
import { normaliseCommand } from './normalise.command.js';
import { overlapsCommand } from './overlaps.command.js';
import { publishCommand } from './publish.command.js';
import { retractCommand } from './retract.command.js';
import { rosterCommand } from './roster.command.js';
import { trustCommand } from './trust.command.js';
import { vaultCommand } from './vault.command.js';
import { warningsCommand } from './warnings.command.js';

export const COMMANDS: readonly CommandModule[] = [
  initCommand,
  connectCommand,
  keysCommand,
  trustCommand,
  adminCommand,
  rosterCommand,
  kindsCommand,
  normaliseCommand,
  publishCommand,
  overlapsCommand,
  checkCommand,
  retractCommand,
  brandCommand,
  warningsCommand,
  caseCommand,
  liaisonCommand,
  eventsCommand,
  evidenceCommand,
  vaultCommand,
  epochCommand,
  ceremonyCommand,
];

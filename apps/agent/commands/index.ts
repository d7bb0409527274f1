/** Every command of `tally`, in the order of its help. */
import type { CommandModule } from '../shell/command-module.js';
import { connectCommand } from './connect.command.js';
import { initCommand } from './init.command.js';
import { keysCommand } from './keys.command.js';
import { trustCommand } from './trust.command.js';

export const COMMANDS: readonly CommandModule[] = [
  initCommand,
  connectCommand,
  keysCommand,
  trustCommand,
];

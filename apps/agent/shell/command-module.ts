import type { Command } from 'commander';
import type { Shell } from './shell.js';

/**
 * One file of commands/: adds its command (or group of commands) to the program. An action throws DomainError;
 * the shell turns it into one line on stderr and the exit status of the error registry.
 */
export interface CommandModule {
  register(program: Command, shell: Shell): void;
}

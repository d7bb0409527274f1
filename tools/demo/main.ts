/** `npm run demo`: the whole network on this machine, one story from clue to police, a report, a clean stop. */
import 'reflect-metadata';
import { CommanderError } from 'commander';
import path from 'node:path';
import { isDomainError } from '#kernel';
import { transportOf } from '#protocol';
import { demoOptions } from './demo-options.js';
import { runDemo } from './run-demo.js';
import { PROJECT_ROOT } from './run-folder.js';

async function main(): Promise<number> {
  try {
    const options = demoOptions(process.argv.slice(2), path.join(PROJECT_ROOT, '.tally', 'demo'));
    return await runDemo(options, process.stdout);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (isDomainError(error)) {
      process.stderr.write(`${error.code}: ${transportOf(error.code).en} (${error.message})\n`);
      return transportOf(error.code).exit;
    }
    process.stderr.write(`INTERNAL: the demo broke off: ${error instanceof Error ? error.message : 'unknown'}\n`);
    return 1;
  }
}

const status = await main();
if (status > 128) process.exit(status); // stopped by a signal: the chapter under way is not waited for
process.exitCode = status;

/** Command line of the demonstration dealer. */
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { isDomainError } from '#kernel';
import { ERROR_REGISTRY } from '#protocol';
import { deal, DEALER_NOTICE } from './deal.js';
import { readMembers, signRoster } from './roster.js';

const program = new Command('dealer')
  .exitOverride()
  .description('Makes a threshold key in one place. For demonstrations and tests; refuses when TALLY_PROFILE=production.');

program.command('deal', { isDefault: true })
  .description('makes the key, the shares, the manifest and the pins (the default)')
  .requiredOption('--out <dir>', 'folder to make')
  .option('--holders <n>', 'number of key-holders', wholeNumber, 3)
  .option('--threshold <t>', 'how many of them answer a request', wholeNumber, 2)
  .requiredOption('--federation <id>', 'federation id: part of every canonical input')
  .requiredOption('--hub <id>', 'hub id: part of every token')
  .option('--epoch <e>', 'epoch of the key', wholeNumber, 1)
  .option('--beside <dir>', 'folder of an earlier deal: another epoch of the same holders')
  .option('--json', 'summary as JSON on standard output')
  .action(async (options: { out: string; holders: number; threshold: number; federation: string; hub: string; epoch: number; beside?: string; json?: true }) => {
    process.stderr.write(`${DEALER_NOTICE}\n`);
    const dealt = await deal(options, process.env['TALLY_PROFILE']);
    print(options.json, dealt, `${options.threshold}-of-${options.holders} key for epoch ${options.epoch} in ${options.out}`);
  });

program.command('roster')
  .description('signs a roster with the keys of at least t holders')
  .requiredOption('--dir <dir>', 'folder of the dealer')
  .requiredOption('--members <file>', 'JSON array of { memberId, evidenceKeys, attested, budgets? }')
  .requiredOption('--out <file>', 'roster to write')
  .option('--signers <list>', 'indices of the signing holders, e.g. 1,2', indexList)
  .option('--days <n>', 'validity', wholeNumber, 365)
  .option('--json', 'summary as JSON on standard output')
  .action(async (options: { dir: string; members: string; out: string; signers?: number[]; days: number; json?: true }) => {
    const { dir, out, signers, days } = options;
    const roster = await signRoster(
      { dir, out, days, members: readMembers(options.members), ...(signers === undefined ? {} : { signers }) }, process.env['TALLY_PROFILE']);
    print(options.json, { serial: roster.serial, members: roster.members.length, out }, `roster of ${roster.members.length} members in ${out}`);
  });

function print(json: true | undefined, summary: object, line: string): void {
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : `${line}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
  return Number(text);
}

function indexList(text: string): number[] {
  return text.split(',').map(wholeNumber);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (isDomainError(error)) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = ERROR_REGISTRY[error.code].exit;
  } else {
    process.stderr.write(`FILE_UNREADABLE: ${error instanceof Error ? error.message : 'unknown'}\n`);
    process.exitCode = ERROR_REGISTRY.FILE_UNREADABLE.exit;
  }
}

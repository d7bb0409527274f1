/** The demo's command line. */
import { Command, InvalidArgumentError } from 'commander';

const DRILL_TARGETS = ['hub', 'worker', 'keyholder', 'postgres'] as const;
export type DrillTarget = (typeof DRILL_TARGETS)[number];

export interface DemoOptions {
  readonly small: boolean;
  readonly scenario: string | null;
  readonly seed: number;
  readonly keep: boolean;
  readonly ready: string | null;
  readonly export: string | null;
  readonly json: string | null;
  readonly fresh: boolean;
  /** Each is killed (SIGKILL) once while it works, and started again. */
  readonly drill: readonly DrillTarget[];
  /** Index of a key-holder that is never started. */
  readonly withoutHolder: number | null;
  readonly dir: string;
}

function drillList(text: string): DrillTarget[] {
  return text.split(',').map((name) => {
    const target = DRILL_TARGETS.find((candidate) => candidate === name.trim());
    if (target === undefined) throw new InvalidArgumentError(`one of ${DRILL_TARGETS.join(', ')}`);
    return target;
  });
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected');
  return Number(text);
}

/** @throws CommanderError (exit status in it) for a wrong command line and for --help */
export function demoOptions(argv: readonly string[], defaultDir: string): DemoOptions {
  const program = new Command('demo')
    .description('Starts the whole network as real processes, runs a three-bank scenario, tells each step, reports, and stops.')
    .option('--small', '500 phones and 50 of each other kind a bank', false)
    .option('--scenario <dir>', 'a folder with bank-a.csv, bank-b.csv, bank-c.csv and, if known, truth/')
    .option('--seed <n>', 'seed of the generated scenario', whole, 1)
    .option('--keep', 'leave the network running until Ctrl-C, and its database for the next start', false)
    .option('--ready <file>', 'write URLs, parties, key files and commands as JSON once all is up')
    .option('--export <dir>', 'write what each bank itself can see: overlaps, rejects, the package')
    .option('--json <file>', 'write the report as JSON')
    .option('--fresh', 'forget kept databases and files, start over', false)
    .option('--drill <list>', `kill each once while it works and start it again: ${DRILL_TARGETS.join(',')}`, drillList, [])
    .option('--without-holder <n>', 'never start this key-holder (1 to 3)', whole)
    .option('--dir <dir>', 'where the demo keeps its files', defaultDir)
    .exitOverride();
  program.parse(argv as string[], { from: 'user' });
  const o = program.opts<Record<string, unknown>>();
  const text = (name: string): string | null => (typeof o[name] === 'string' ? o[name] : null);
  return {
    small: o['small'] === true, scenario: text('scenario'), seed: o['seed'] as number, keep: o['keep'] === true, ready: text('ready'),
    export: text('export'), json: text('json'), fresh: o['fresh'] === true, drill: o['drill'] as DrillTarget[],
    withoutHolder: typeof o['withoutHolder'] === 'number' ? o['withoutHolder'] : null, dir: text('dir') ?? defaultDir,
  };
}

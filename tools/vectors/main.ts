/** `npm run vectors -- FILE`: published RFC 9497 vectors through every engine. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { createKernelEngine, createNobleEngine, createSodiumEngine } from '#crypto';
import { type GroupResult, runVectors } from './run-vectors.js';
import { VectorFileError } from './vector-file.js';

await new Command('vectors')
  .description('Runs a file of RFC 9497 test vectors through every engine. Exit status 0 only when all groups that run pass.')
  .argument('<file>', 'vectors in the CFRG\'s JSON layout')
  .option('--json', 'report as JSON')
  .action(async (file: string, options: { json?: true }) => {
    process.exitCode = 1;
    try {
      const report = runVectors(readFileSync(file, 'utf8'), [await createSodiumEngine(), createNobleEngine(), await createKernelEngine()]);
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : report.groups.map(describe).join(''));
      if (report.ok) process.exitCode = 0;
      else process.stderr.write(report.groups.every((group) => group.outcome === 'skipped') ? 'vectors: no group was run\n' : 'vectors: differences found\n');
    } catch (error) {
      const reason = error instanceof VectorFileError ? error.message : `cannot read the file (${(error as { code?: string }).code ?? 'INTERNAL'})`;
      process.stderr.write(`vectors: ${reason}\n`);
      if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, groups: [], error: reason })}\n`);
    }
  })
  .parseAsync();

function describe(group: GroupResult): string {
  const name = `${group.suite} ${group.mode}`.padEnd(28);
  if (group.outcome === 'skipped') return `${name} skipped: the network uses ristretto255-SHA512 in modes OPRF and VOPRF only; @noble/curves' own suite agrees\n`;
  const engines = group.engines.map(({ engine, difference }) => `${engine} ${difference === null ? 'passed' : `FAILED (${difference})`}`).join(', ');
  return `${name} ${group.outcome}: ${engines}; ${group.vectors} vectors\n`;
}

/** `npm run vectors -- FILE`: published RFC 9497 vectors through every engine. */
import { readFileSync } from 'node:fs';
import { createKernelEngine, createNobleEngine, createSodiumEngine } from '#crypto';
import { runTool, UsageError } from '../command-line/run-tool.js';
import { type GroupResult, runVectors } from './run-vectors.js';
import { VectorFileError } from './vector-file.js';

await runTool({
  usage: `npm run vectors -- FILE [--json]
Runs RFC 9497 test vectors in the CFRG's JSON layout through every engine. Ends with 0 only when all groups that run pass.`,
  options: { json: { type: 'boolean' } },
  words: 1,
  run: async ({ json }, [file], { out, err }) => {
    if (file === undefined) throw new UsageError('FILE is needed');
    try {
      const report = runVectors(readFileSync(file, 'utf8'), [await createSodiumEngine(), await createNobleEngine(), await createKernelEngine()]);
      out(json === true ? `${JSON.stringify(report, null, 2)}\n` : report.groups.map(describe).join(''));
      if (!report.ok) err(report.groups.every((group) => group.outcome === 'skipped') ? 'vectors: no group was run\n' : 'vectors: differences found\n');
      return report.ok ? 0 : 1;
    } catch (error) {
      const reason = error instanceof VectorFileError ? error.message : `cannot read the file (${(error as { code?: string }).code ?? 'INTERNAL'})`;
      err(`vectors: ${reason}\n`);
      if (json === true) out(`${JSON.stringify({ ok: false, groups: [], error: reason })}\n`);
      return 1;
    }
  },
});

function describe(group: GroupResult): string {
  const name = `${group.suite} ${group.mode}`.padEnd(28);
  if (group.outcome === 'skipped') return `${name} skipped: the network uses ristretto255-SHA512 in modes OPRF and VOPRF only; @noble/curves' own suite agrees\n`;
  const engines = group.engines.map(({ engine, difference }) => `${engine} ${difference === null ? 'passed' : `FAILED (${difference})`}`).join(', ');
  return `${name} ${group.outcome}: ${engines}; ${group.vectors} vectors\n`;
}

/** `npm run bench -- oprf`: every row of the targets for tokens and screening, ours beside native C and beside psi.js. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchContext, BenchReport, BenchRow, BenchSuite } from '../bench.model.js';
import { startNative, startPsi, stopPeer } from '../peers.js';
import { engineRows } from './engine-rows.js';
import { holderRows } from './holder-rows.js';
import { agentMemory } from './agent-memory.js';
import { agentRows } from './agent-rows.js';
import { demoRows } from './demo-rows.js';
import { snapshotRows } from './snapshot-rows.js';
import { TARGETS, type TargetName } from './targets.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../..');

export const oprfSuite: BenchSuite = {
  about: 'tokens and screening against native libsodium and psi.js: every target of docs/benchmarks.md',
  run: async (context: BenchContext): Promise<BenchReport> => {
    const wanted = (target: TargetName): boolean => TARGETS[target].name.includes(context.only);
    const needsNative = (['evaluate', 'prove', 'blind', 'verify', 'check'] as const).some(wanted);
    const native = needsNative ? await startNative(ROOT) : { missing: 'not asked for' };
    const psi = wanted('psi') ? await startPsi(ROOT) : { missing: 'not asked for' };
    try {
      const rows: BenchRow[] = [
        ...await engineRows(context, native, psi, wanted), ...await holderRows(context, wanted), ...await snapshotRows(context, wanted), ...await agentRows(context, wanted),
      ];
      const memory = await agentMemory(context, wanted);
      rows.push(...memory.rows, ...await demoRows(context, wanted));
      const order = Object.values(TARGETS).map(({ name }) => name as string);
      return { rows: rows.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)), tables: memory.tables };
    } finally {
      stopPeer(native);
      stopPeer(psi);
    }
  },
};

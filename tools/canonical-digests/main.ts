/** Digests of canonical forms, to be compared between machines, Node versions, locales and time zones. Run from the project's root, after a build. */
import { runTool, wholeNumber } from '../command-line/run-tool.js';
import { ALL_FILES, digestOfInvented, digestsOfFiles } from './canonical-digests.js';

await runTool({
  usage: 'node dist/tools/canonical-digests/main.js [--count N] [--shared DIR] [--no-files]\nPrints JSON: one digest over N (100,000) invented strings, one for each file of the reference data.',
  options: { count: { type: 'string' }, shared: { type: 'string' }, 'no-files': { type: 'boolean' } },
  run: async ({ count, shared = '../shared/data', 'no-files': noFiles }, _words, { out }) => {
    const invented = digestOfInvented(wholeNumber('--count', count, 100_000, 1, 100_000_000));
    out(`${JSON.stringify({ invented, ...await digestsOfFiles(shared, noFiles === true ? [] : ALL_FILES) }, null, 2)}\n`);
  },
});

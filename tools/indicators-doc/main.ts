/** `npm run doc:indicators`: docs/indicators.md from the code. Run from the project's root, after a build. */
import { writeOrCheck } from '../command-line/generated-files.js';
import { runTool } from '../command-line/run-tool.js';
import { indicatorsDocument } from './indicators-doc.js';

await runTool({
  usage: 'npm run doc:indicators -- [--check]\nWrites docs/indicators.md. --check writes nothing and ends with 1 when it has drifted.',
  options: { check: { type: 'boolean' } },
  run: ({ check }, _words, streams) => writeOrCheck({ 'docs/indicators.md': indicatorsDocument() }, check ?? false, 'doc:indicators', streams),
});

/** `npm run doc:codes`: docs/recognition-codes.md from the code. Run from the project's root, after a build. */
import { writeOrCheck } from '../command-line/generated-files.js';
import { runTool } from '../command-line/run-tool.js';
import { recognitionCodesDocument } from './recognition-codes.js';

await runTool({
  usage: 'npm run doc:codes -- [--check]\nWrites docs/recognition-codes.md. --check writes nothing and ends with 1 when it has drifted.',
  options: { check: { type: 'boolean' } },
  run: ({ check }, _words, streams) => writeOrCheck({ 'docs/recognition-codes.md': recognitionCodesDocument() }, check ?? false, 'doc:codes', streams),
});

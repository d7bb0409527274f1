/** `npm run doc:commands`: docs/generated/commands.md from the code. Run from the project's root, after a build. */
import { writeOrCheck } from '../command-line/generated-files.js';
import { runTool } from '../command-line/run-tool.js';
import { commandReference } from './command-reference.js';

await runTool({
  usage: 'npm run doc:commands -- [--check]\nWrites docs/generated/commands.md. --check writes nothing and ends with 1 when it has drifted.',
  options: { check: { type: 'boolean' } },
  run: ({ check }, _words, streams) => writeOrCheck({ 'docs/generated/commands.md': commandReference() }, check ?? false, 'doc:commands', streams),
});

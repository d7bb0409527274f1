/** `npm run access-map`: docs/generated/access-map.{md,json} from the code. Run from the project's root, after a build. */
import { writeOrCheck } from '../command-line/generated-files.js';
import { runTool } from '../command-line/run-tool.js';
import { hubModel } from '../schema-graphql/hub-model.js';
import { accessMapJson, accessMapMarkdown, rowsOf } from './access-map.js';

await runTool({
  usage: 'npm run access-map -- [--check]\nWrites the map of who may call what to docs/generated/. --check writes nothing and ends with 1 when it has drifted.',
  options: { check: { type: 'boolean' } },
  run: async ({ check }, _words, streams) => {
    const rows = rowsOf((await hubModel()).operations);
    return writeOrCheck({ 'docs/generated/access-map.md': accessMapMarkdown(rows), 'docs/generated/access-map.json': accessMapJson(rows) }, check ?? false, 'access-map', streams);
  },
});

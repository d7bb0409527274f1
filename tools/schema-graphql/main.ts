/** `npm run schema:graphql`: the schema and the list of registered documents, from the code. Run from the project's root, after a build. */
import { writeOrCheck } from '../command-line/generated-files.js';
import { runTool } from '../command-line/run-tool.js';
import { hubModel } from './hub-model.js';
import { registeredDocumentsJson } from './registered-documents.js';

await runTool({
  usage: 'npm run schema:graphql -- [--check]\nWrites apps/hub/schema.graphql and docs/generated/documents.json. --check writes nothing and ends with 1 when one has drifted.',
  options: { check: { type: 'boolean' } },
  run: async ({ check }, _words, streams) => {
    const { sdl, schema } = await hubModel();
    return writeOrCheck({ 'apps/hub/schema.graphql': sdl, 'docs/generated/documents.json': registeredDocumentsJson(schema) }, check ?? false, 'schema:graphql', streams);
  },
});

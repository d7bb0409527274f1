/** `npm run schema:graphql [-- --check]`: the schema and the list of registered documents, from the code. Run from the project's root, after a build. */
import { hubModel } from './hub-model.js';
import { writeOrCheck } from './generated-file.js';
import { registeredDocumentsJson } from './registered-documents.js';

const { sdl, schema } = await hubModel();
writeOrCheck({ 'apps/hub/schema.graphql': sdl, 'docs/generated/documents.json': registeredDocumentsJson(schema) }, 'schema:graphql');

/** `npm run schema:graphql [-- --check]`: apps/hub/schema.graphql from the code. Run from the project's root, after a build. */
import { hubModel } from './hub-model.js';
import { writeOrCheck } from './generated-file.js';

const { sdl } = await hubModel();
writeOrCheck({ 'apps/hub/schema.graphql': sdl }, 'schema:graphql');

/** `npm run access-map [-- --check]`: docs/generated/access-map.{md,json} from the code. Run from the project's root, after a build. */
import { accessMapJson, accessMapMarkdown, rowsOf } from './access-map.js';
import { hubModel } from '../schema-graphql/hub-model.js';
import { writeOrCheck } from '../schema-graphql/generated-file.js';

const rows = rowsOf((await hubModel()).operations);
writeOrCheck({ 'docs/generated/access-map.md': accessMapMarkdown(rows), 'docs/generated/access-map.json': accessMapJson(rows) }, 'access-map');

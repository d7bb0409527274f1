// Compiles apps, libs, migrations and tools to dist/ (one fast pass of the native TypeScript compiler; types are
// judged by `npm run typecheck`). Removes outputs whose source is gone, so that dist/ never runs dead code.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const dist = path.join(root, 'dist');
const ROOMS = ['apps', 'libs', 'migrations', 'tools'];

function removeOrphans(dir) {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) {
    const file = path.join(dir, name);
    if (statSync(file).isDirectory()) { removeOrphans(file); continue; }
    const source = path.join(root, path.relative(dist, file)).replace(/\.js(\.map)?$/, '');
    if (/\.js(\.map)?$/.test(file) && !existsSync(`${source}.ts`) && !existsSync(`${source}.js`)) rmSync(file);
  }
}

/** Data files that code reads beside itself (JSON, SQL, CSV tables, the WASM of the kernel). */
function copyAssets(dir) {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) {
    const file = path.join(dir, name);
    if (statSync(file).isDirectory()) copyAssets(file);
    else if (/\.(json|sql|csv|tsv|graphql|wasm)$/.test(name)) cpSync(file, path.join(dist, path.relative(root, file)));
  }
}

removeOrphans(dist);
const compiler = path.join(root, 'node_modules/typescript7/bin/tsc');
const run = spawnSync(process.execPath, [compiler, '-p', path.join(root, 'tsconfig.json')], { stdio: 'inherit', cwd: root });
if (run.status !== 0) process.exit(run.status ?? 1);
for (const room of ROOMS) copyAssets(path.join(root, room));

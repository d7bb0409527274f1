/**
 * Data of a project that the server account cannot reach lies in the runtime directory, under a name made of the wanted
 * path. The wanted path is written beside it, so that data of projects that are gone can be told and removed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { livePostmaster } from './postmaster.js';

/** Returns the data directory to use instead of `wanted`; its parent exists. */
export function relocatedData(runtime: string, wanted: string, id: string): string {
  const store = path.join(runtime, 'data');
  mkdirSync(store, { recursive: true, mode: 0o711 });
  mkdirSync(path.dirname(wanted), { recursive: true });
  removeOrphans(store);
  writeFileSync(path.join(store, `${id}.origin`), wanted);
  return path.join(store, id);
}

function removeOrphans(store: string): void {
  for (const name of readdirSync(store).filter((file) => file.endsWith('.origin'))) {
    const dataDir = path.join(store, name.slice(0, -'.origin'.length));
    const origin = readFileSync(path.join(store, name), 'utf8');
    if (existsSync(path.dirname(origin)) || livePostmaster(dataDir) !== null) continue;
    for (const file of readdirSync(store).filter((entry) => path.join(store, entry) === dataDir || path.join(store, entry).startsWith(`${dataDir}.`))) {
      rmSync(path.join(store, file), { recursive: true, force: true });
    }
  }
}

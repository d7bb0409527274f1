import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';

export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly name: string;
  readonly text: string;
}

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.tally']);

/** Every file below the named folders whose name matches, in a stable order. */
export function filesBelow(folders: readonly string[], name: RegExp): SourceFile[] {
  return folders.flatMap((folder) => walk(folder)).filter((file) => name.test(file)).map((file) => ({
    name: file,
    text: readFileSync(path.join(ROOT, file), 'utf8'),
  }));
}

function walk(folder: string): string[] {
  const dir = path.join(ROOT, folder);
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(name);
      return entry.isFile() ? [name] : [];
    });
}

export const SOURCE_FOLDERS = ['apps', 'libs', 'migrations', 'tools', 'test', 'bin'];
export const sourceFiles = (): SourceFile[] => filesBelow(SOURCE_FOLDERS, /\.(ts|mjs|js|cjs)$/);

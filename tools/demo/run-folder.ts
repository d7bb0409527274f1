/** Where a demo's files are: one folder a run, and a note of the run that was kept. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root, from dist/tools/demo or tools/demo. */
export const PROJECT_ROOT = (() => {
  let dir = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(dir, 'package.json'))) dir = path.dirname(dir);
  return dir;
})();

export const compiled = (...parts: string[]): string => path.join(PROJECT_ROOT, 'dist', ...parts);

export class RunFolder {
  private constructor(readonly base: string, readonly id: string, readonly kept: boolean) {}

  /** The kept run, if there is one; a new one otherwise. */
  static open(base: string, fresh: boolean): RunFolder {
    const note = path.join(base, 'kept.json');
    if (fresh) {
      rmSync(note, { force: true });
      rmSync(path.join(base, 'runs'), { recursive: true, force: true });
    }
    mkdirSync(base, { recursive: true, mode: 0o700 });
    const kept = existsSync(note) ? (JSON.parse(readFileSync(note, 'utf8')) as { id: string }).id : null;
    if (kept !== null && existsSync(path.join(base, 'runs', kept))) return new RunFolder(base, kept, true);
    const run = new RunFolder(base, `r${Date.now().toString(36)}${process.pid.toString(36)}`, false);
    mkdirSync(run.file(), { recursive: true, mode: 0o700 });
    return run;
  }

  file(...parts: string[]): string {
    return path.join(this.base, 'runs', this.id, ...parts);
  }

  folder(...parts: string[]): string {
    const dir = this.file(...parts);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  }

  /** Writes a secret or a setting once; a kept run finds what is there. */
  once(name: string, make: () => string): string {
    return writtenOnce(this.file(name), make);
  }

  /** The same for what outlives a run. */
  shared(name: string, make: () => string): string {
    return writtenOnce(path.join(this.base, name), make);
  }


  keep(): void {
    writeFileSync(path.join(this.base, 'kept.json'), JSON.stringify({ id: this.id }));
  }

  remove(): void {
    rmSync(this.file(), { recursive: true, force: true });
  }
}

function writtenOnce(file: string, make: () => string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return file;
}

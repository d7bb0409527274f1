/** Where a demo's files are: one folder a run, and a note of the run that was kept. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  /** The kept run, if there is one that no other process runs; a new one otherwise. `fresh` forgets the kept one. */
  static open(base: string, fresh: boolean): RunFolder {
    const note = keptNote(base);
    if (fresh) rmSync(note, { force: true });
    mkdirSync(base, { recursive: true, mode: 0o700 });
    const kept = keptId(base);
    const reuse = kept !== null && existsSync(path.join(base, 'runs', kept)) && !isInUse(base, kept);
    const run = new RunFolder(base, reuse ? kept : `r${Date.now().toString(36)}${process.pid.toString(36)}`, reuse);
    mkdirSync(run.file(), { recursive: true, mode: 0o700 });
    writeFileSync(run.file('pid'), String(process.pid));
    return run;
  }

  /** Runs whose process is gone without having cleaned up, the kept one left out. */
  abandoned(): RunFolder[] {
    const kept = keptId(this.base);
    return readdirSync(path.join(this.base, 'runs'))
      .filter((id) => id !== this.id && id !== kept && !isInUse(this.base, id))
      .map((id) => new RunFolder(this.base, id, false));
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

  /** Nobody runs it any more: its process id may become that of a stranger. */
  leave(): void {
    rmSync(this.file('pid'), { force: true });
  }

  keep(): void {
    writeFileSync(keptNote(this.base), JSON.stringify({ id: this.id }));
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

const keptNote = (base: string): string => path.join(base, 'kept.json');

function keptId(base: string): string | null {
  return existsSync(keptNote(base)) ? (JSON.parse(readFileSync(keptNote(base), 'utf8')) as { id: string }).id : null;
}

function isInUse(base: string, id: string): boolean {
  try {
    const pid = Number(readFileSync(path.join(base, 'runs', id, 'pid'), 'utf8'));
    if (pid === process.pid) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

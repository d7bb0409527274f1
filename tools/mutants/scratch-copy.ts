/**
 * A throw-away copy of the checkout: what git would commit plus what is new and not ignored, and a link to the installed
 * packages. Guards are removed there and nowhere else. The path is short because an embedded server's socket needs it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class ScratchCopy {
  readonly dir: string;

  constructor(private readonly root: string) {
    // In a folder of its own, so that data beside the project keeps its relative place (../shared).
    const parent = mkdtempSync(path.join(tmpdir(), 'tally-m-'));
    this.dir = path.join(parent, 'p');
    mkdirSync(this.dir);
    for (const file of this.files()) {
      mkdirSync(path.dirname(path.join(this.dir, file)), { recursive: true });
      cpSync(path.join(root, file), path.join(this.dir, file));
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(this.dir, 'node_modules'));
    const shared = path.resolve(root, '../shared');
    if (existsSync(shared)) symlinkSync(shared, path.join(parent, 'shared'));
  }

  read(file: string): string {
    return readFileSync(path.join(this.dir, file), 'utf8');
  }

  write(files: ReadonlyMap<string, string>): void {
    for (const [file, text] of files) writeFileSync(path.join(this.dir, file), text);
  }

  remove(): void {
    rmSync(path.dirname(this.dir), { recursive: true, force: true });
  }

  private files(): string[] {
    const git = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: this.root, encoding: 'utf8', maxBuffer: 1 << 26 });
    if (git.status !== 0) throw new Error(`the checkout cannot be listed: ${git.stderr}`);
    return git.stdout.split('\0').filter((file) => file !== '' && existsSync(path.join(this.root, file)));
  }
}

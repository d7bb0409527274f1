/** Files that the code itself writes: written, or with --check compared. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ToolStreams } from './run-tool.js';

/**
 * @param files content by path, from the project's root
 * @param check compare only
 * @param command the npm script that writes them
 * @returns exit status: 1 when --check finds one that has drifted
 */
export function writeOrCheck(files: Readonly<Record<string, string>>, check: boolean, command: string, { out, err }: ToolStreams): number {
  const drifted = Object.entries(files).filter(([file, content]) => (existsSync(file) ? readFileSync(file, 'utf8') : null) !== content).map(([file]) => file);
  for (const file of drifted) {
    if (check) {
      err(`drift: ${file} is not what the code says; run \`npm run ${command}\`\n`);
      continue;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, files[file] ?? '');
    out(`wrote ${file}\n`);
  }
  return check && drifted.length > 0 ? 1 : 0;
}

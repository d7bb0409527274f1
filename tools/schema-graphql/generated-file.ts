/** Writes generated files, or with --check compares them and exits 1 when one has drifted. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export function writeOrCheck(files: Readonly<Record<string, string>>, command: string): void {
  const check = process.argv.includes('--check');
  const drifted = Object.entries(files).filter(([file, content]) => (existsSync(file) ? readFileSync(file, 'utf8') : null) !== content).map(([file]) => file);
  if (check) {
    for (const file of drifted) process.stderr.write(`drift: ${file} is not what the code says; run \`npm run ${command}\`\n`);
    process.exitCode = drifted.length === 0 ? 0 : 1;
    return;
  }
  for (const file of drifted) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, files[file] ?? '');
    process.stdout.write(`wrote ${file}\n`);
  }
}

#!/usr/bin/env node
// The `tally` command: the compiled agent, and nothing else.
import { existsSync } from 'node:fs';

const main = new URL('../dist/apps/agent/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('CONFIG_INVALID: not built yet, run `npm run build` first\n');
  process.exit(2);
}
await import(main.href);

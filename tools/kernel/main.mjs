// npm run kernel [-- --check | --show]
// Builds libs/crypto/kernel/kernel.wasm. The module is committed: --check writes nothing and exits with 1 when it is not, byte by byte,
// what the sources give. --show prints the two sources that are made here and stand in no file. No network, no other input.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel, printedSources } from './compile.mjs';

const ROOM = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../libs/crypto/kernel');
const TARGET = path.join(ROOM, 'kernel.wasm');

async function build(check) {
  const { wasm, problems } = await compileKernel(path.join(ROOM, 'assembly'));
  if (wasm === null) {
    process.stderr.write(`kernel: does not compile\n${problems}\n`);
    return 2;
  }
  if (!check) writeFileSync(TARGET, wasm);
  else if (!existsSync(TARGET) || Buffer.compare(readFileSync(TARGET), wasm) !== 0) {
    process.stderr.write('kernel: kernel.wasm is not what the sources give; run npm run kernel and commit it\n');
    return 1;
  }
  process.stdout.write(`kernel: ${wasm.length} bytes, ${check ? 'as built from the sources' : 'written'}\n`);
  return 0;
}

if (process.argv.includes('--show')) for (const text of printedSources().values()) process.stdout.write(text);
else process.exitCode = await build(process.argv.includes('--check'));

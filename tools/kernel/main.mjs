// Builds libs/crypto/kernel/kernel.wasm, which is committed. No network, no other input.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileKernel, printedSources } from './compile.mjs';

const USAGE = `usage: npm run kernel -- [--check | --show]
--check writes nothing and ends with 1 when the module is not, byte by byte, what the sources give.
--show prints the two sources that are made here and stand in no file.
`;
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

const [argument, ...more] = process.argv.slice(2);
if (more.length > 0 || ![undefined, '--check', '--show', '--help'].includes(argument)) {
  process.stderr.write(`BAD_INPUT: unknown argument\n${USAGE}`);
  process.exitCode = 2;
} else if (argument === '--help') process.stdout.write(USAGE);
else if (argument === '--show') for (const text of printedSources().values()) process.stdout.write(text);
else process.exitCode = await build(argument === '--check');

// One compilation of the kernel with the flags that the committed module is built with. Tests compile variants of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';
import { printConstants } from './print-constants.mjs';
import { printProduct } from './print-product.mjs';

const FLAGS = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--shrinkLevel', '0', '--initialMemory', '64'];

/** Sources that are computed, by file name. */
export function printedSources() {
  return new Map([['constants.ts', printConstants()], ['product.ts', printProduct()]]);
}

/**
 * @param {string} folder of the sources that are written by hand
 * @param {{ entry?: string, edit?: (file: string, text: string) => string }} [variant] entry file, and changes to sources before they are compiled
 * @returns {Promise<{ wasm: Uint8Array | null, problems: string }>} null when it does not compile
 */
export async function compileKernel(folder, { entry = 'index.ts', edit = (_file, text) => text } = {}) {
  const printed = printedSources();
  let wasm = null;
  const said = [];
  const note = { write: (text) => { said.push(String(text)); return true; } };
  const readFile = (name) => {
    try {
      return edit(name, printed.get(name) ?? readFileSync(path.join(folder, name), 'utf8'));
    } catch {
      return null; // the compiler tries several names
    }
  };
  const writeFile = (name, contents) => { if (name.endsWith('.wasm')) wasm = contents; };
  const { error } = await asc.main([entry, '--outFile', 'kernel.wasm', ...FLAGS], { stdout: note, stderr: note, readFile, writeFile, listFiles: () => [] });
  return { wasm: error === null ? wasm : null, problems: said.join('') };
}

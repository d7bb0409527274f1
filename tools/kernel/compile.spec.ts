import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileKernel } from './compile.mjs';

const ROOM = path.resolve(import.meta.dirname, '../../libs/crypto/kernel');

describe('the committed kernel', () => {
  it('is, byte by byte, what its sources give', async () => {
    const { wasm, problems } = await compileKernel(path.join(ROOM, 'assembly'));
    expect(wasm === null ? problems : Buffer.compare(wasm, readFileSync(path.join(ROOM, 'kernel.wasm')))).toBe(0);
  }, 60_000);

  it('is not had from a source that does not compile', async () => {
    expect(await compileKernel(path.join(ROOM, 'assembly'), { entry: 'nowhere.ts' })).toMatchObject({ wasm: null });
  }, 60_000);

  it('imports nothing', () => {
    const module = new WebAssembly.Module(readFileSync(path.join(ROOM, 'kernel.wasm')));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });
});

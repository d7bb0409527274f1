import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compileKernel } from './compile.mjs';

const ROOM = path.resolve(import.meta.dirname, '../../libs/crypto/kernel');

describe('the committed kernel', () => {
  it('is, byte by byte, what its sources give', async () => {
    const { wasm, problems } = await compileKernel(path.join(ROOM, 'assembly'));
    expect(wasm === null ? problems : Buffer.compare(wasm, readFileSync(path.join(ROOM, 'kernel.wasm')))).toBe(0);
  }, 60_000);

  it('is told apart from one with another constant, and a source that does not compile is none', async () => {
    const other = await compileKernel(path.join(ROOM, 'assembly'), { edit: (file, text) => (file === 'multi-scalar.ts' ? text.replace('const BUCKET: usize = 160;', 'const BUCKET: usize = 176;') : text) });
    expect(Buffer.compare(other.wasm!, readFileSync(path.join(ROOM, 'kernel.wasm')))).not.toBe(0);
    expect(await compileKernel(path.join(ROOM, 'assembly'), { entry: 'nowhere.ts' })).toMatchObject({ wasm: null });
  }, 60_000);

  it('imports nothing', () => {
    const module = new WebAssembly.Module(readFileSync(path.join(ROOM, 'kernel.wasm')));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });
});

/** That the module is what its sources give is checked by `npm run kernel:check`, a part of `npm run drift`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

describe('the committed kernel', () => {
  it('imports nothing: it can only compute', () => {
    const module = new WebAssembly.Module(readFileSync(path.resolve(import.meta.dirname, '../../libs/crypto/kernel/kernel.wasm')));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });
});

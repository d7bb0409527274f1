/** What the kernel's loader uses of the WebAssembly object; the library declarations of the browser would bring a whole DOM. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    static imports(module: Module): readonly object[];
  }
  interface Instance { readonly exports: Readonly<Record<string, unknown>> }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: object): Promise<Instance>;
  function validate(bytes: Uint8Array): boolean;
}

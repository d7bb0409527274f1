/**
 * Loads the kernel and lends its linear memory: a batch is copied in, worked on by pointer, copied out. What was lent is wiped when
 * it is given back, with the kernel's own scratch: blinds, shares and nonces pass through. docs/protocol/kernel.md.
 */
import { readFileSync } from 'node:fs';

type Pointer = number;

/** What libs/crypto/kernel/assembly/index.ts exports. Results: -1, or the first item that was refused. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapStart(): Pointer;
  scratchStart(): Pointer;
  secretScratchBytes(): number;
  prepareBase(): void;
  check(points: Pointer, n: number): number;
  evaluate(out: Pointer, scalar: Pointer, points: Pointer, n: number): number;
  multiplyEach(out: Pointer, scalars: Pointer, points: Pointer, n: number): number;
  multiplyBase(out: Pointer, scalars: Pointer, n: number): void;
  hashToGroup(out: Pointer, uniform: Pointer, n: number): void;
  blind(out: Pointer, scalars: Pointer, uniform: Pointer, n: number): void;
  blindAdditive(out: Pointer, scalars: Pointer, uniform: Pointer, n: number): void;
  prepareKey(point: Pointer): number;
  unblindAdditive(out: Pointer, scalars: Pointer, points: Pointer, n: number): number;
  combine(out: Pointer, vectors: Pointer, count: number, n: number, doubled: number): number;
  weightedSumBytes(n: number, bits: number): number;
  weightedSum(out: Pointer, weights: Pointer, points: Pointer, n: number, bits: number, work: Pointer): number;
  twoSums(out: Pointer, scalars: Pointer, points: Pointer): number;
  expandEach(out: Pointer, inputs: Pointer, offsets: Pointer, n: number, tag: Pointer, tagLength: number): void;
  compositeWeights(weights: Pointer, words: Pointer, blinded: Pointer, evaluated: Pointer, n: number, tag: Pointer, tagLength: number): void;
  finalizeEach(out: Pointer, inputs: Pointer, offsets: Pointer, n: number, unblinded: Pointer, word: Pointer): void;
  /** The field over quads of limbs (docs/protocol/kernel.md); for tests. */
  fieldMultiply(out: Pointer, a: Pointer, b: Pointer): void;
  fieldSquare(out: Pointer, a: Pointer): void;
  fieldSquareOf(out: Pointer, a: Pointer, multiple: Pointer): void;
  fieldSettle(out: Pointer, a: Pointer): void;
  fieldCanonical(out: Pointer, a: Pointer, lane: number): void;
  fieldFromBytes(out: Pointer, bytes: Pointer, lane: number): void;
  scalarAdd(out: Pointer, a: Pointer, b: Pointer): void;
  scalarSubtract(out: Pointer, a: Pointer, b: Pointer): void;
  scalarMultiply(out: Pointer, a: Pointer, b: Pointer): void;
  scalarReduce(out: Pointer, wide: Pointer): void;
  scalarInvert(out: Pointer, scalars: Pointer, n: number, work: Pointer): void;
}

const PAGE_BYTES = 65_536;
const FILE = new URL('../kernel/kernel.wasm', import.meta.url);

/** Whether this runtime knows 128-bit vectors (Node 20 and later do, on machines with SSE 4.1 or NEON). */
export function isKernelSupported(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(readFileSync(FILE));
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** Compiles once a thread; V8 shares the machine code of equal modules between the threads of a process. */
export async function loadKernel(): Promise<KernelExports> {
  compiled ??= WebAssembly.compile(readFileSync(FILE));
  const instance = await WebAssembly.instantiate(await compiled, {});
  return instance.exports as unknown as KernelExports;
}

export class KernelArena {
  private top: Pointer;

  constructor(private readonly kernel: KernelExports) {
    this.top = kernel.heapStart();
  }

  reserve(bytes: number): Pointer {
    const at = this.top;
    this.top += (bytes + 15) & ~15;
    const missing = this.top - this.kernel.memory.buffer.byteLength;
    if (missing > 0) this.kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return at;
  }

  /** One after the other, without a gap. */
  put(...parts: readonly Uint8Array[]): Pointer {
    const at = this.reserve(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((next, part) => { this.write(next, part); return next + part.length; }, at);
    return at;
  }

  write(at: Pointer, bytes: Uint8Array): void {
    new Uint8Array(this.kernel.memory.buffer).set(bytes, at);
  }

  /** Inputs of any length, and where each begins: n + 1 numbers of 32 bits. */
  putInputs(inputs: readonly Uint8Array[]): { readonly inputs: Pointer; readonly offsets: Pointer } {
    const offsets = new Uint32Array(inputs.length + 1);
    inputs.forEach((input, i) => { offsets[i + 1] = (offsets[i] as number) + input.length; });
    const at = this.reserve(offsets[inputs.length] as number);
    const memory = new Uint8Array(this.kernel.memory.buffer);
    inputs.forEach((input, i) => memory.set(input, at + (offsets[i] as number)));
    return { inputs: at, offsets: this.put(new Uint8Array(offsets.buffer)) };
  }

  /** A copy that outlives the arena. */
  take(at: Pointer, bytes: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer).slice(at, at + bytes);
  }

  release(): void {
    const memory = new Uint8Array(this.kernel.memory.buffer);
    const scratch = this.kernel.scratchStart();
    memory.fill(0, scratch, scratch + this.kernel.secretScratchBytes());
    memory.fill(0, this.kernel.heapStart(), this.top);
  }
}

export function withKernel<T>(kernel: KernelExports, work: (arena: KernelArena) => T): T {
  const arena = new KernelArena(kernel);
  try {
    return work(arena);
  } finally {
    arena.release();
  }
}

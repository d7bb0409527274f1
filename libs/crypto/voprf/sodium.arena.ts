/**
 * Batch access to libsodium's WASM heap. The wrappers copy, check and allocate for each call; here a batch is copied in
 * once and the raw functions run over pointers. Everything put in is wiped before it is freed: blinds and shares
 * pass through. The heap may grow, so its view is read anew at every access.
 */
type Pointer = number;

/** The raw exports that are used. A result other than 0 is a refusal. */
export interface SodiumModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): Pointer;
  _free(pointer: Pointer): void;
  _crypto_core_ristretto255_from_hash(out: Pointer, uniform64: Pointer): number;
  _crypto_core_ristretto255_is_valid_point(point: Pointer): number;
  _crypto_core_ristretto255_add(out: Pointer, a: Pointer, b: Pointer): number;
  _crypto_core_ristretto255_sub(out: Pointer, a: Pointer, b: Pointer): number;
  _crypto_core_ristretto255_scalar_reduce(out: Pointer, wide64: Pointer): void;
  _crypto_core_ristretto255_scalar_add(out: Pointer, a: Pointer, b: Pointer): void;
  _crypto_core_ristretto255_scalar_sub(out: Pointer, a: Pointer, b: Pointer): void;
  _crypto_core_ristretto255_scalar_mul(out: Pointer, a: Pointer, b: Pointer): void;
  _crypto_core_ristretto255_scalar_invert(out: Pointer, a: Pointer): number;
  _crypto_scalarmult_ristretto255(out: Pointer, scalar: Pointer, point: Pointer): number;
  _crypto_scalarmult_ristretto255_base(out: Pointer, scalar: Pointer): number;
}

/** Loaded when it is asked for: a thread that computes with the kernel does without its 11 MB. */
export async function loadSodium(): Promise<SodiumModule> {
  const { default: sodium } = await import('libsodium-wrappers-sumo');
  await sodium.ready;
  return (sodium as unknown as { libsodium: SodiumModule }).libsodium;
}

export class Arena {
  private readonly blocks: { at: Pointer; bytes: number }[] = [];

  constructor(readonly lib: SodiumModule) {}

  reserve(bytes: number): Pointer {
    const at = this.lib._malloc(bytes);
    if (at === 0) throw new Error('libsodium heap exhausted');
    this.blocks.push({ at, bytes });
    return at;
  }

  put(bytes: Uint8Array): Pointer {
    const at = this.reserve(bytes.length);
    this.lib.HEAPU8.set(bytes, at);
    return at;
  }

  write(at: Pointer, bytes: Uint8Array): void {
    this.lib.HEAPU8.set(bytes, at);
  }

  /** A copy that outlives the arena. */
  take(at: Pointer, bytes: number): Uint8Array {
    return this.lib.HEAPU8.slice(at, at + bytes);
  }

  isZero(at: Pointer, bytes: number): boolean {
    const heap = this.lib.HEAPU8;
    let bits = 0;
    for (let i = 0; i < bytes; i += 1) bits |= heap[at + i] as number;
    return bits === 0;
  }

  release(): void {
    for (const { at, bytes } of this.blocks) {
      this.lib.HEAPU8.fill(0, at, at + bytes);
      this.lib._free(at);
    }
    this.blocks.length = 0;
  }
}

export function withArena<T>(lib: SodiumModule, work: (arena: Arena) => T): T {
  const arena = new Arena(lib);
  try {
    return work(arena);
  } finally {
    arena.release();
  }
}

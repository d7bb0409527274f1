/** Seeded chance: xoshiro128** (Blackman, Vigna 2018), seeded by splitmix32. The same seed gives the same scenario everywhere. */
export class SeededRandom {
  private readonly s = new Uint32Array(4);

  constructor(seed: number, stream = 0) {
    let x = (seed ^ Math.imul(stream, 0x9e3779b9)) >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.s[i] = (z ^ (z >>> 16)) >>> 0;
    }
  }

  private next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.s;
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const e = c ^ a;
    const f = d ^ b;
    this.s[1] = b ^ e;
    this.s[0] = a ^ f;
    this.s[2] = e ^ (b << 9);
    this.s[3] = (f << 11) | (f >>> 21);
    return result;
  }

  /** 0 <= n < below. The bias of the modulus is below 1e-5 here and harmless. */
  below(below: number): number {
    return this.next() % below;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  chance(share: number): boolean {
    return this.next() / 0x1_0000_0000 < share;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  digits(count: number): string {
    let out = '';
    while (out.length < count) out += String(this.below(10));
    return out;
  }

  letters(count: number, alphabet = 'abcdefghijklmnopqrstuvwxyz'): string {
    let out = '';
    while (out.length < count) out += alphabet.charAt(this.below(alphabet.length));
    return out;
  }

  hex(count: number): string {
    return this.letters(count, '0123456789abcdef');
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const [a, b] = [items[i], items[j]];
      if (a !== undefined && b !== undefined) [items[i], items[j]] = [b, a];
    }
    return items;
  }
}

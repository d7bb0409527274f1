/**
 * Which t of n key-holders to ask. Quorums rotate from batch to batch, because each holder grants only its share of a
 * budget; a holder that did not answer rests for a while, and the next quorum goes without it.
 */
export interface QuorumHolder {
  readonly index: number;
}

export class QuorumChooser {
  private readonly restsUntil = new Map<number, number>();
  private turn = 0;

  constructor(private readonly holders: readonly QuorumHolder[], private readonly threshold: number, private readonly now: () => number, private readonly restMs = 10_000) {}

  rest(index: number, restMs = this.restMs): void {
    this.restsUntil.set(index, Math.max(this.restsUntil.get(index) ?? 0, this.now() + restMs));
  }

  /** Indices, ascending; resting holders only when there is no other way; null when too few are left. */
  choose(excluded: { has(index: number): boolean }): number[] | null {
    const left = this.holders.map(({ index }) => index).filter((index) => !excluded.has(index));
    if (left.length < this.threshold) return null;
    const turn = this.turn++ % left.length;
    const rotated = [...left.slice(turn), ...left.slice(0, turn)];
    const awake = rotated.filter((index) => (this.restsUntil.get(index) ?? 0) <= this.now());
    const asleep = rotated.filter((index) => !awake.includes(index));
    return [...awake, ...asleep].slice(0, this.threshold).sort((a, b) => a - b);
  }
}

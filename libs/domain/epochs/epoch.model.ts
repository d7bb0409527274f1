/** Epochs as the hub's register holds them. The register admits and ends; what an epoch's key is, members judge by their own pins. */
export interface RegisteredEpoch {
  readonly epoch: number;
  /** base64url SHA-256 of the manifest's payload; null for an epoch that was stopped without ever having been announced. */
  readonly manifestHash: string | null;
  readonly announcedAt: Date | null;
  /** Until then the epochs before this one go on. */
  readonly overlapUntil: Date | null;
  readonly stoppedAt: Date | null;
  /** When the last token of it was erased. */
  readonly erasedAt: Date | null;
  readonly state: EpochState;
}

/** CURRENT: clues are published and moved into it. OVERLAP: still answered, until the current one's overlap is over. */
export type EpochState = 'CURRENT' | 'OVERLAP' | 'ENDED' | 'STOPPED';

/** What is on record of an epoch; its state follows from all of them and the time. */
export type EpochFact = Omit<RegisteredEpoch, 'state'>;

/** States of a register, newest epoch first. Pure. */
export function statesOf(facts: readonly EpochFact[], now: Date): RegisteredEpoch[] {
  const newest = Math.max(...facts.filter(({ announcedAt }) => announcedAt !== null).map(({ epoch }) => epoch));
  const over = (fact: EpochFact): boolean => facts.some((later) => later.epoch > fact.epoch && later.overlapUntil !== null && later.overlapUntil <= now);
  return facts.map((fact) => ({
    ...fact, state: fact.stoppedAt !== null ? 'STOPPED' as const : over(fact) ? 'ENDED' as const : fact.epoch === newest ? 'CURRENT' as const : 'OVERLAP' as const,
  }));
}

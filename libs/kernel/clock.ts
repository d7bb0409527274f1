/** Ports to time and chance, so that unit tests own both. */
export interface Clock {
  now(): Date;
}
export interface Random {
  /** n bytes from a cryptographically secure source. */
  bytes(n: number): Uint8Array;
}
export const systemClock: Clock = { now: () => new Date() };

/** A brand as the hub keeps it: ids and the member's signed words, which agents verify. */
export interface RegisteredBrand {
  readonly owner: string;
  readonly brandId: string;
  readonly revision: number;
  readonly withdrawn: boolean;
  /** Compact JWS. */
  readonly statement: string;
}
/** Ciphertext for the owner; nobody is told who sent it. */
export interface SealedAlert {
  readonly alertId: string;
  readonly brandId: string;
  readonly sealed: string;
  readonly sentAt: Date;
}

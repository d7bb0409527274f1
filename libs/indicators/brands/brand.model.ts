/** What a member protects, in clear: the content of its signed statement (docs/impersonation.md). */
export interface Brand {
  readonly brandId: string;
  /** Party id of the member that signed it. */
  readonly owner: string;
  /** Registered and trade names, affiliates' included: whatever is the brand itself. */
  readonly names: readonly string[];
  /** Distinctive parts that no stranger's name should hold, two characters or more; derived from the names when empty. */
  readonly marks: readonly string[];
  /** Latin spellings: the English name, the pinyin. */
  readonly latin: readonly string[];
  readonly numbers: readonly string[];
  readonly domains: readonly string[];
  /** `platform:account`, as the social kind spells them. */
  readonly accounts: readonly string[];
}

/** How a value comes near a brand; null when it is the brand's own. */
export type Imitation = 'LOOK_ALIKE' | 'INSERTED' | 'CONTAINS' | 'REGION_OR_FORM' | 'MISSPELT' | 'LATIN' | 'DOMAIN' | 'NUMBER' | 'ACCOUNT';

export interface BrandFinding {
  readonly brandId: string;
  readonly owner: string;
  /** OWN: the value is the brand's (or a short form of its name), so that whoever reports it reports a victim. */
  readonly relation: 'OWN' | 'IMITATES';
  readonly how: Imitation | null;
  /** False: it rests on a word that many unrelated names share. Shown to the member itself, never sent to the owner. */
  readonly strong: boolean;
  /** The brand's entry that the value comes near. */
  readonly entry: string;
}

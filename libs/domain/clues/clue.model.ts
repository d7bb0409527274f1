import type { ClueId, ErrorCode, PublicationId } from '#kernel';
import type { CategoryCode, LegalBasisCode, Level, MeansCode, ProofField, Purpose, RetractionReason, Role, StatedBasis, Strength, Tlp } from '#protocol';

export interface ClueForm {
  readonly kind: string;
  readonly strength: Strength;
  /** 32 lower-case hex digits. */
  readonly token: string;
}

/** A clue as a publisher states it, after `readClue`: every word is one of the network's words. */
export interface ClueStatement {
  readonly clueId: ClueId;
  readonly epoch: number;
  readonly kind: string;
  readonly kindVersion: number;
  /** The first is EXACT and of the clue's kind, the others WEAK. */
  readonly forms: readonly ClueForm[];
  readonly category: CategoryCode;
  readonly means: readonly MeansCode[];
  readonly role: Role;
  readonly level: Level;
  readonly purpose: Purpose;
  readonly legalBasis: StatedBasis;
  readonly tlp: Tlp;
  /** ISO 8601, a day or an instant in UTC. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly approver: string | null;
  readonly authorityReference: string | null;
  readonly evidence: readonly ProofField[];
  /** Ciphertext under the seal key, base64url; null for a text. */
  readonly detail: string | null;
  /** Tokens of a text's bands, 32 lower-case hex digits each, in order of position; null for every other kind. */
  readonly bands: readonly string[] | null;
  readonly revision: number;
}

/** An own clue in a later epoch: new tokens and a detail sealed anew (a text: new bands), under the id it has. */
export type ClueMove = Pick<ClueStatement, 'clueId' | 'epoch' | 'kind' | 'kindVersion' | 'forms' | 'detail' | 'bands'>;

/** Why one clue of a batch is not taken. `field` names a member of the input, never its value. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly field: string | null;
}
export interface RefusedClue extends Refusal {
  /** null when the line had no readable clue id; then `line` (1-based) tells which. */
  readonly clueId: string | null;
  readonly line: number;
}

/** What became of one chunk or batch. Stored, and given again to whoever repeats it. */
export interface IngestSummary {
  readonly received: number;
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly refused: readonly RefusedClue[];
  /** [the id sent, the member's own live clue on that token]. */
  readonly known: readonly (readonly [string, string])[];
}

export type PublicationState = 'OPEN' | 'FINISHED';
export type MatchState = 'PENDING' | 'RUNNING' | 'DONE';

export interface PublicationStatus {
  readonly publicationId: PublicationId;
  readonly state: PublicationState;
  readonly chunks: readonly number[];
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly refused: number;
  /** MOVE: own clues got tokens of a later epoch. */
  readonly via: 'API' | 'BULK' | 'MOVE';
  readonly match: MatchState;
  /** Own rows that overlapped when the match was done. */
  readonly overlaps: number;
}

/** A member's own clue as the hub holds it; tokens and detail stay where they are. */
export interface OwnClue {
  readonly clueId: ClueId;
  readonly publicationId: PublicationId;
  readonly epoch: number;
  readonly kindVersion: string;
  readonly category: CategoryCode;
  readonly means: readonly MeansCode[];
  readonly role: Role;
  readonly level: Level;
  readonly purpose: Purpose;
  readonly basisCode: LegalBasisCode;
  readonly basisLaw: string | null;
  readonly basisArticle: string | null;
  readonly tlp: Tlp;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly evidence: readonly ProofField[];
  readonly revision: number;
  readonly state: 'LIVE' | 'RETRACTED' | 'EXPIRED';
  readonly publishedAt: Date;
  readonly expiresAt: Date;
  readonly retractedAt: Date | null;
  readonly retractionReason: RetractionReason | null;
}

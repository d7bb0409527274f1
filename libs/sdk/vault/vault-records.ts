/** What the vault keeps. Raw values stand in `sealed` fields only. */
import type { ClueId, ErrorCode } from '#kernel';

export interface VaultForm {
  /** Kind of the form, e.g. `org_core`. */
  readonly kind: string;
  readonly strength: 'EXACT' | 'WEAK';
  /** 32 lower-case hex digits. */
  readonly token: string;
}

/** PUBLISHED: written together with the bytes that carry it to the hub; these are sent before anything else is. */
export type ClueState = 'PUBLISHED' | 'REFUSED' | 'RETRACTED';

export interface ClueRecord {
  /** The file's word for the kind. */
  readonly kind: string;
  readonly kindVersion: string;
  readonly epoch: number;
  readonly forms: readonly VaultForm[];
  readonly state: ClueState;
  readonly code?: ErrorCode;
  readonly publicationId: string;
  readonly category: string;
  /** Through how many keys `indexKey` and `sealed` have gone; absent = 1. */
  readonly generation?: number;
  /** Key in the index, so that a refused or retracted clue can be forgotten there. */
  readonly indexKey: string;
  /** SealedClue under the vault key; absent after `tally vault purge --raw`. */
  readonly sealed?: string;
}

/** Inside `sealed`. */
export interface SealedClue {
  /** As it stood in the file. */
  readonly raw: string;
  readonly canonical: string;
  readonly firstSeen: string;
  readonly channel: string;
  /** What the detail says beside the value; absent in vaults of before. */
  readonly means?: readonly string[];
  readonly level?: string;
}

/** A row of an input file; several rows (spellings) may stand for one clue. */
export interface RowRef {
  readonly clueId: ClueId;
  readonly fileId: string;
  /** 1 is the header. */
  readonly line: number;
  /** The file's `row` cell. */
  readonly row: string;
}

export interface LocalRecord {
  readonly kind: string;
  readonly fileId: string;
  readonly line: number;
  readonly row: string;
  readonly notice: string;
  readonly generation?: number;
  readonly sealed: string;
}

/** The blinding journal's entry of one batch: written before the batch is sent, `verified` once every proof was accepted. */
export interface BatchRecord {
  readonly batchId: string;
  /** base64url */
  readonly manifestHash: string;
  /** Keyed digest of the inputs in order: tells whether a resumed batch is still the same. */
  readonly inputsDigest: string;
  /** SHA-256 of the blinded points as sent, base64url. */
  readonly pointsHash: string;
  readonly state: 'unverified' | 'verified';
  /** Present for a batch in fast mode (additive blinds), absent in baseline mode. */
  readonly fast?: FastRecord;
}

/** docs/protocol/fast-mode.md: what is on disk before the weights of a check are drawn, and what came of it. */
export interface FastRecord {
  /** Combined points that can no longer change; null before they are there, and after the verdict. */
  readonly answer: FastAnswerRecord | null;
  readonly verdict: FastVerdict | null;
}
export interface FastAnswerRecord {
  readonly combiner: 'member' | 'hub';
  readonly quorum: readonly number[];
  /** D, base64; empty when the vectors did not combine. */
  readonly combined: string;
  /** What each holder signed for it: base64url. */
  readonly receipts: readonly { readonly holder: number; readonly answerSha256: string; readonly signature: string }[];
}
export interface FastVerdict {
  readonly held: boolean;
  readonly at: string;
  readonly quorum: readonly number[];
  /** Holders by index. `evidence` is a file of the home, null where the holder signed nothing that could be shown. */
  readonly liars: readonly { readonly holder: number; readonly lie: string; readonly evidence: string | null }[];
  /** Who combined falsely, if the vectors say so. */
  readonly lyingCombiner: 'member' | 'hub' | null;
  /** Holders that did not answer again: not accused. */
  readonly undetermined: readonly number[];
  /** Holders whose operator does not allow fast mode: nothing was checked. */
  readonly refusedBy: readonly number[];
}

/** Rows of the file by what became of them, and clues by what the hub said. */
export interface PublicationCounts {
  readonly rows: number;
  readonly rejected: number;
  readonly keptLocal: number;
  /** Rows that name an indicator which an earlier row of this file named. */
  readonly repeated: number;
  /** Rows that name an indicator which the vault held before. */
  readonly knownBefore: number;
  /** Rows that the hub refused with their clue. */
  readonly refusedRows: number;
  readonly clues: number;
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly refused: number;
  readonly rejectsByCode: Readonly<Record<string, number>>;
}

export interface PublicationRecord {
  readonly publicationId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly profileDigest: string;
  readonly epoch: number;
  readonly startedAt: string;
  readonly state: 'RUNNING' | 'FINISHED';
  /** Comes from a backup: what followed is not known here, so it is closed instead of resumed. */
  readonly restored?: true;
  /** Rows of the file that are dealt with: where a resume goes on. */
  readonly rowsDone: number;
  readonly nextWindow: number;
  readonly nextChunk: number;
  /** Set when it went through the mutation, which finishes at once. */
  readonly hubPublicationId: string | null;
  readonly rejectsBytes: number;
  readonly counts: PublicationCounts;
}

export interface ChunkRecord {
  readonly via: 'bulk' | 'graphql' | 'moves';
  readonly clueIds: readonly ClueId[];
  /** The exact bytes to send, base64: gzip NDJSON for bulk, JSON for GraphQL. */
  readonly body: string;
}

/** A run of re-tokenising into an epoch. */
export interface MoveRecord {
  readonly publicationId: string;
  readonly epoch: number;
  readonly startedAt: string;
  readonly state: 'RUNNING' | 'FINISHED';
  /** Clues up to this one are dealt with. */
  readonly afterClue: string;
  readonly nextWindow: number;
  readonly nextChunk: number;
  readonly counts: MoveCounts;
}
export interface MoveCounts {
  /** Clues looked at that were in an earlier epoch. */
  readonly clues: number;
  readonly moved: number;
  /** The hub has the token under another id of this member: the rows speak for that one now. */
  readonly alreadyKnown: number;
  readonly refused: number;
  /** Without the raw value (purged): only the source file brings them into the new epoch. */
  readonly withoutValue: number;
  /** Why clues stayed, by code. */
  readonly byCode: Readonly<Record<string, number>>;
}

/** What the hub gets of a clue, and what is sealed beside it for those who hold the same indicator. */
import { canonicalBytes, type ClueId } from '#kernel';
import type { VaultForm } from '../vault/vault-records.js';
import type { Candidate } from './row-intake.js';
import type { PendingClue } from './publish-window.js';

export interface ClueStatement {
  readonly clueId: ClueId;
  readonly epoch: number;
  /** kind@version of its normaliser. */
  readonly kindVersion: string;
  readonly forms: readonly VaultForm[];
  readonly category: string;
  readonly means: readonly string[];
  readonly role: string;
  readonly level: string;
  readonly purpose: string;
  readonly legalBasis: { readonly code: string; readonly law?: string | null; readonly article?: string | null };
  readonly tlp: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly approver?: string;
  readonly authorityReference?: string;
  readonly evidence?: readonly string[];
  /** Tokens of a text's bands, in order of position; a text has these instead of a detail. */
  readonly bands?: readonly string[];
  /** base64url ciphertext. */
  readonly detail?: string;
  readonly revision: number;
}

/** @param content the sealed detail, or the tokens of a text's bands */
export function clueStatementOf({ clueId, candidate, lastSeen }: PendingClue, epoch: number, forms: readonly VaultForm[], content: { readonly detail: string } | { readonly bands: readonly string[] }): ClueStatement {
  const { terms, kindVersion, firstSeen } = candidate;
  return { clueId, epoch, kindVersion, forms, ...terms, firstSeen: firstSeen < lastSeen ? firstSeen : lastSeen, lastSeen, ...content, revision: 1 };
}

/** The plain detail; canonical JSON, so that it is the same bytes wherever it is made. */
export function detailOf({ kind, forms, terms, firstSeen, channel }: Candidate): Uint8Array {
  return canonicalBytes({ v: 1, kind, value: forms[0].value, firstSeen, channel, category: terms.category, means: [...terms.means], level: terms.level });
}

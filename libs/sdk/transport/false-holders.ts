/**
 * Key-holders that answered falsely (docs/protocol/README.md, "A holder that lies"). Nothing of such an answer is used, the batch goes to
 * another quorum, and the holder is named by its index, its id and a stable word for the lie. An answer of baseline mode is not signed: this
 * is what a member tells its operators, not what convicts a holder before others (fast mode has evidence).
 */
import type { AnswerFault } from '#crypto';
import { DomainError } from '#kernel';

export type HolderLie =
  | AnswerFault
  /** Answers another batch, quorum or generation of the key than it was asked for. */
  | 'other-batch'
  /** No message of the protocol. */
  | 'unreadable-answer'
  /** Serves a manifest that t holders may have signed and that is not consistent: a K_j off the polynomial, a sum that is not PK. */
  | 'false-manifest';

export interface FalseHolder {
  /** In the manifest; 0 for a holder that stands in none. */
  readonly holder: number;
  readonly id: string;
  readonly lie: HolderLie;
  /** How many answers. */
  readonly times: number;
}

export class FalseAnswerError extends DomainError {
  constructor(readonly holder: number, readonly lie: HolderLie) {
    super('PROOF_INVALID', 'a key-holder answered falsely', { holder, lie });
  }
}

export class FalseHolders {
  private readonly found = new Map<string, FalseHolder>();

  /** @param tell called when a holder is found in a lie for the first time */
  constructor(private readonly tell: (found: FalseHolder) => void = () => undefined) {}

  note(holder: number, id: string, lie: HolderLie): void {
    const place = `${id} ${lie}`;
    const before = this.found.get(place);
    const found = { holder, id, lie, times: (before?.times ?? 0) + 1 };
    this.found.set(place, found);
    if (before === undefined) this.tell(found);
  }

  all(): FalseHolder[] {
    return [...this.found.values()].sort((a, b) => a.holder - b.holder);
  }

  has(id: string): boolean {
    return this.all().some((found) => found.id === id);
  }
}

/**
 * One publication as the vault keeps it: how far the file is dealt with, which chunks are out, what was counted. Every
 * step is one atomic write, and steps follow one another, so that a kill between any two leaves a state to resume from.
 */
import type { ClueId } from '#kernel';
import { del, put, vaultKey, type Vault, type Write } from '../vault/vault.js';
import type { ChunkRecord, ClueRecord, PublicationCounts, PublicationRecord, RowRef, SealedClue } from '../vault/vault-records.js';
import { assertSameIndicator, type ChunkAnswer } from './chunk-answer.js';
import type { PublishWindow } from './publish-window.js';
import type { RejectsFile } from './rejects-file.js';
import type { RowReject } from './row-reject.js';

export const NO_COUNTS: PublicationCounts = {
  rows: 0, rejected: 0, keptLocal: 0, repeated: 0, knownBefore: 0, refusedRows: 0, clues: 0, accepted: 0, alreadyKnown: 0, refused: 0, rejectsByCode: {},
};

/** A clue of a window after its token is known. */
export interface TokenisedClue {
  readonly clueId: ClueId;
  readonly record: Omit<ClueRecord, 'sealed' | 'publicationId' | 'state'>;
  readonly sealed: SealedClue;
}

export interface WindowOutcome {
  readonly clues: readonly TokenisedClue[];
  /** index key of a weak form -> token. */
  readonly weakTokens: readonly (readonly [key: string, token: string])[];
  readonly chunk: ChunkRecord | null;
  readonly journal: readonly Write[];
}

export class PublicationLedger {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly vault: Vault,
    private current: PublicationRecord,
    private readonly rejects: RejectsFile | null,
    private readonly language: 'zh' | 'en',
  ) {}

  get record(): PublicationRecord {
    return this.current;
  }

  /** @returns the chunk's sequence number, or null when the window has nothing to send */
  commitWindow(window: PublishWindow, outcome: WindowOutcome): Promise<number | null> {
    return this.inTurn(async () => {
      await this.rejects?.write(window.rejects, this.language);
      const { publicationId, fileId, nextChunk, counts } = this.current;
      const seq = outcome.chunk === null ? null : nextChunk;
      const next: PublicationRecord = {
        ...this.current, rowsDone: window.rowsDone, nextWindow: window.number + 1, nextChunk: nextChunk + (seq === null ? 0 : 1),
        rejectsBytes: this.rejects?.bytes ?? 0,
        counts: {
          ...counts, rows: window.rowsDone, rejected: counts.rejected + window.rejects.length, keptLocal: counts.keptLocal + window.locals.length,
          repeated: counts.repeated + window.repeated, knownBefore: counts.knownBefore + window.knownBefore, clues: counts.clues + window.clues.length,
          rejectsByCode: countCodes(counts.rejectsByCode, window.rejects),
        },
      };
      const writes: Write[] = [
        ...outcome.clues.flatMap((clue) => this.clueWrites(clue)),
        ...window.rows.map((ref) => put(vaultKey.row(ref), ref.row)),
        ...window.locals.map(({ line, row, kind, raw, notice }) => {
          const key = vaultKey.local(fileId, line);
          return put(key, { kind, fileId, line, row, notice, sealed: this.vault.keys.seal(raw, key) });
        }),
        ...outcome.weakTokens.map(([key, token]) => put(key, token)),
        ...(seq === null ? [] : [put(vaultKey.chunk(publicationId, seq), outcome.chunk)]),
        ...outcome.journal,
        put(vaultKey.publication(publicationId), next),
      ];
      await this.vault.write(writes);
      this.current = next;
      window.committed = true;
      return seq;
    });
  }

  /** Records the hub's answer and forgets the chunk's bytes. */
  acknowledge(seq: number, answer: ChunkAnswer): Promise<void> {
    return this.inTurn(async () => {
      const { publicationId, counts } = this.current;
      const refusals = await this.refusals(answer);
      await this.rejects?.write(refusals.rejects, this.language);
      const next: PublicationRecord = {
        ...this.current, rejectsBytes: this.rejects?.bytes ?? this.current.rejectsBytes, hubPublicationId: answer.hubPublicationId ?? this.current.hubPublicationId,
        counts: {
          ...counts, accepted: counts.accepted + answer.accepted, alreadyKnown: counts.alreadyKnown + answer.alreadyKnown, refused: counts.refused + answer.refused.length,
          refusedRows: counts.refusedRows + refusals.rejects.length, rejectsByCode: countCodes(counts.rejectsByCode, refusals.rejects),
        },
      };
      const moves = await this.movesToKnown(answer.known);
      await this.vault.write([...refusals.writes, ...moves, del(vaultKey.chunk(publicationId, seq)), put(vaultKey.publication(publicationId), next)]);
      this.current = next;
    });
  }

  finish(): Promise<void> {
    return this.inTurn(async () => {
      const next: PublicationRecord = { ...this.current, state: 'FINISHED' };
      await this.vault.write([put(vaultKey.publication(next.publicationId), next)]);
      this.current = next;
    });
  }

  private clueWrites({ clueId, record, sealed }: TokenisedClue): Write[] {
    const key = vaultKey.clue(clueId);
    const full: ClueRecord = { ...record, state: 'PUBLISHED', publicationId: this.current.publicationId, sealed: this.vault.keys.seal(JSON.stringify(sealed), key) };
    return [put(key, full), put(vaultKey.exact(record.indexKey), clueId)];
  }

  /** A refused clue is forgotten in the index, so that a corrected row can be published; its rows become rejects. */
  private async refusals({ refused }: ChunkAnswer): Promise<{ rejects: RowReject[]; writes: Write[] }> {
    const rejects: RowReject[] = [];
    const writes: Write[] = [];
    const records = await this.vault.clues(refused.map(({ clueId }) => clueId));
    for (const [i, { clueId, code }] of refused.entries()) {
      const record = records[i];
      if (record === undefined) continue;
      const rows = await this.vault.rowsOf(clueId as ClueId);
      rejects.push(...rows.map(({ line, row }) => ({ line, row, code, reason: 'refused by the hub', reasonZh: '枢纽拒收' })));
      writes.push(put(vaultKey.clue(clueId), { ...record, state: 'REFUSED', code }), del(vaultKey.exact(record.indexKey)));
    }
    return { rejects, writes };
  }

  /** The hub holds an own clue on that token under another id (a purged vault): the rows speak for that one. */
  private async movesToKnown(known: ChunkAnswer['known']): Promise<Write[]> {
    const writes: Write[] = [];
    for (const [sent, existing] of known) {
      const record = await this.vault.clue(sent);
      if (record === undefined || sent === existing) continue;
      await assertSameIndicator(this.vault, sent, record, existing);
      const sealed = this.vault.openClue(sent, record);
      const key = vaultKey.clue(existing);
      const rows: RowRef[] = await this.vault.rowsOf(sent as ClueId);
      writes.push(
        del(vaultKey.clue(sent)), ...rows.map((ref) => del(vaultKey.row(ref))),
        put(key, { ...record, ...(sealed === null ? {} : { sealed: this.vault.keys.seal(JSON.stringify(sealed), key) }) }),
        ...rows.map((ref) => put(vaultKey.row({ ...ref, clueId: existing as ClueId }), ref.row)),
        put(vaultKey.exact(record.indexKey), existing),
      );
    }
    return writes;
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

function countCodes(counts: Readonly<Record<string, number>>, rejects: readonly RowReject[]): Record<string, number> {
  const next = { ...counts };
  for (const { code } of rejects) next[code] = (next[code] ?? 0) + 1;
  return next;
}

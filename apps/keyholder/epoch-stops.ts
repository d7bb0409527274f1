/**
 * Epochs that at least t holders have stopped (docs/protocol/epochs.md). The operator puts the signed stop where the configuration
 * says; from the next look on, nothing of that epoch is answered. Kept in the ledger: taking the file away brings nothing back.
 */
import { existsSync } from 'node:fs';
import { type HolderPins, verifyEpochStop } from '#crypto';
import { DomainError, isDomainError, type Json } from '#kernel';
import type { EventLog } from '#platform/logging';
import { parseEpochStop } from '#protocol';
import { readDocument } from './signed-manifest.js';
import { WatchedFile } from './watched-file.js';

export interface StopLedger {
  stopEpoch(epoch: number): Promise<void>;
  stoppedEpochs(): Promise<readonly number[]>;
}

export interface EpochStopsOptions {
  readonly file: string | undefined;
  /** Whose signatures end this epoch. */
  readonly pinsOf: (epoch: number) => HolderPins;
  readonly federation: string;
  readonly ledger: StopLedger;
  readonly log: EventLog;
  readonly onStopped: (epoch: number) => void;
}

export class EpochStops {
  private readonly stopped = new Set<number>();
  /** Of these, those that the ledger holds: the others would be forgotten by a restart. */
  private readonly recorded = new Set<number>();
  private readonly watched: WatchedFile<void> | null;

  constructor(private readonly options: EpochStopsOptions) {
    const { file, log } = options;
    this.watched = file === undefined ? null : new WatchedFile('epoch-stop', file, log, () => this.read(file));
  }

  /** @throws DomainError when the file is there and does not verify: a holder must not start as if nothing had been decided */
  async start(): Promise<void> {
    for (const epoch of await this.options.ledger.stoppedEpochs()) {
      this.stopped.add(epoch);
      this.recorded.add(epoch);
    }
    await this.watched?.start();
  }

  stop(): void {
    this.watched?.stop();
  }

  has(epoch: number): boolean {
    return this.stopped.has(epoch);
  }

  /** One stop, or a list of them. */
  private async read(file: string): Promise<void> {
    try {
      if (existsSync(file)) this.takeUp(readDocument(file));
    } finally {
      await this.writeDown(); // those before one that does not verify, too
    }
  }

  private async writeDown(): Promise<void> {
    for (const epoch of this.stopped) {
      if (this.recorded.has(epoch)) continue;
      await this.options.ledger.stopEpoch(epoch);
      this.recorded.add(epoch);
    }
  }

  private takeUp(document: unknown): void {
    for (const jws of Array.isArray(document) ? (document as unknown[]) : [document]) {
      const named = epochNamedIn(jws);
      if (this.stopped.has(named)) continue; // decided before; who signed it may be pinned here no longer
      const { stop } = verifyEpochStop({ jws, pins: this.options.pinsOf(named), parse: parseEpochStop });
      if (stop.federation !== this.options.federation) throw new DomainError('MANIFEST_INVALID', 'stop of another federation');
      this.stopped.add(stop.epoch); // refused from here on, whether or not the ledger can be reached
      this.options.onStopped(stop.epoch);
      this.options.log.warn('epoch.stopped', { epoch: stop.epoch });
    }
  }
}

/** Which holders to ask for the signatures; the verified payload says the same. @throws DomainError MANIFEST_INVALID */
function epochNamedIn(jws: unknown): number {
  const payload = String((jws as { payload?: unknown } | null)?.payload);
  try {
    return parseEpochStop(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Json).epoch;
  } catch (error) {
    throw isDomainError(error) ? error : new DomainError('MANIFEST_INVALID', 'not a stop');
  }
}

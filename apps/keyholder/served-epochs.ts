/**
 * The epochs a holder answers for: one, or two while members move from the old to the new (docs/protocol/epochs.md). Each has a share,
 * a manifest, a roster and threads of its own; a request says by its manifest hash which it means, so nothing of two epochs ever mixes.
 */
import type { ChosenEngine, HolderPins } from '#crypto';
import { DomainError } from '#kernel';
import type { Profile } from '#platform/config';
import type { EventLog } from '#platform/logging';
import type { ShareFile } from '#protocol';
import type { AnsweringEpoch } from './request-admission.js';
import { EvaluationPool } from './evaluation.pool.js';
import { KeyRefusedError } from './key-material.js';
import { SignedManifest } from './signed-manifest.js';
import { SignedRoster, type SignedRosterOptions } from './signed-roster.js';

export interface EpochFiles {
  readonly share: ShareFile;
  readonly manifestFile: string;
  readonly previousManifestFile: string | undefined;
  readonly rosterFile: string;
  /** Holders of this epoch: nobody else's signature counts in it. */
  readonly pins: HolderPins;
}

export interface ServedEpochsOptions {
  readonly files: readonly EpochFiles[];
  readonly engine: ChosenEngine;
  readonly profile: Profile;
  readonly guard: SignedRosterOptions['guard'];
  readonly threads: number;
  readonly log: EventLog;
  readonly isStopped: (epoch: number) => boolean;
}

interface ServedEpoch {
  readonly epoch: number;
  readonly holderIndex: number;
  readonly manifest: SignedManifest;
  readonly roster: SignedRoster;
  readonly pool: EvaluationPool;
}

export class ServedEpochs {
  private readonly served: ServedEpoch[] = [];

  constructor(private readonly options: ServedEpochsOptions) {}

  /** @throws DomainError when anything an epoch stands on does not verify; an epoch that was stopped is not even read */
  async start(): Promise<void> {
    const { files, isStopped, log } = this.options;
    if (new Set(files.map(({ share }) => share.epoch)).size !== files.length) throw new KeyRefusedError('two shares of one epoch');
    for (const each of files) {
      if (isStopped(each.share.epoch)) log.warn('epoch.not-served', { epoch: each.share.epoch, reason: 'stopped' });
      else this.served.push(await this.startEpoch(each));
    }
  }

  /** What belongs to the epoch of this manifest. @throws DomainError STALE_MANIFEST */
  answering(hash: Uint8Array): AnsweringEpoch {
    for (const { epoch, holderIndex, manifest, roster, pool } of this.running()) {
      const generation = manifest.find(hash);
      if (generation !== null) return { generation, holderIndex, roster, pool, assertRunning: () => this.assertRunning(epoch) };
    }
    throw new DomainError('STALE_MANIFEST', 'not this holder\'s manifest, nor the one before');
  }

  /** Signed manifests of the epochs that are answered, the newest epoch first; one that begins later stands last. */
  manifests(now: Date = new Date()): unknown[] {
    const begun = ({ manifest }: ServedEpoch): boolean => Date.parse(manifest.current!.manifest.validFrom) <= now.getTime();
    return this.running().sort((a, b) => Number(begun(b)) - Number(begun(a)) || b.epoch - a.epoch).map(({ manifest }) => manifest.jws);
  }

  /** Ends the threads of a stopped epoch, and with them the copies of its share in this process. */
  release(epoch: number): void {
    for (const each of this.served) if (each.epoch === epoch) void each.pool.close().catch(() => undefined);
  }

  async stop(): Promise<void> {
    for (const { manifest, roster, pool } of this.served) {
      manifest.stop();
      roster.stop();
      await pool.close();
    }
  }

  private async startEpoch({ share, manifestFile, previousManifestFile, rosterFile, pins }: EpochFiles): Promise<ServedEpoch> {
    const { engine, profile, guard, threads, log } = this.options;
    const manifest = new SignedManifest({ file: manifestFile, previousFile: previousManifestFile, share, pins, engine, profile, log });
    await manifest.start();
    if (share.origin === 'dealer') log.warn('share.made-by-dealer', { holder: share.index, epoch: share.epoch });
    const roster = new SignedRoster({ file: rosterFile, pins, federation: share.federation, epoch: share.epoch, guard, log });
    await roster.start();
    return { epoch: share.epoch, holderIndex: share.index, manifest, roster, pool: new EvaluationPool(share, threads, engine.name) };
  }

  private running(): ServedEpoch[] {
    return this.served.filter(({ epoch }) => !this.options.isStopped(epoch));
  }

  private assertRunning(epoch: number): void {
    if (this.options.isStopped(epoch)) throw new DomainError('STALE_MANIFEST', 'the epoch was stopped', { epoch, reason: 'stopped' });
  }
}

/**
 * The generations a holder answers for: its manifest and the one before (docs/protocol/documents.md). A new manifest file takes over while the
 * process runs, if it is not older and the share file holds its share; the replaced one becomes the one before.
 */
import { existsSync, readFileSync } from 'node:fs';
import { sameBytes } from '#crypto';
import { DomainError } from '#kernel';
import type { EventLog } from '#platform/logging';
import { type Generation, readGeneration, type ReadGeneration } from './key-material.js';
import { WatchedFile } from './watched-file.js';

export interface SignedManifestOptions extends ReadGeneration {
  readonly file: string;
  /** At start only: the generation before, kept by the operator while its requests are still answered. */
  readonly previousFile: string | undefined;
  readonly log: EventLog;
}

export class SignedManifest {
  private readonly watched: WatchedFile<Generation>;
  private before: Generation | null = null;

  constructor(private readonly options: SignedManifestOptions) {
    this.watched = new WatchedFile('manifest', options.file, options.log, () => this.read());
  }

  async start(): Promise<void> {
    const { previousFile } = this.options;
    await this.watched.start();
    if (previousFile !== undefined && existsSync(previousFile)) this.before = this.readBefore(previousFile);
  }

  stop(): void {
    this.watched.stop();
  }

  get jws(): unknown {
    return this.watched.current?.jws;
  }

  /** Null before start() only. */
  get current(): Generation | null {
    return this.watched.current;
  }

  /** The generation whose manifest this is, in its time; null for any other hash. */
  find(hash: Uint8Array, now: Date = new Date()): Generation | null {
    const found = [this.watched.current, this.before].find((generation) => generation !== null && sameBytes(generation.hash, hash)) ?? null;
    const inTime = found !== null && Date.parse(found.manifest.validFrom) <= now.getTime() && now.getTime() < Date.parse(found.manifest.validUntil);
    return inTime ? found : null;
  }

  /**
   * The generation before may have had another threshold (resharing): it is held to its own, and to be of the same group key.
   * @throws DomainError MANIFEST_INVALID when it is not the generation before
   */
  private readBefore(file: string): Generation {
    const { pins } = this.options;
    const before = readGeneration(readDocument(file), { ...this.options, pins: { threshold: 1, holders: pins.holders } });
    const current = this.watched.current as Generation;
    const follows = before.number >= current.number - 1 && before.number <= current.number && before.manifest.publicKey === current.manifest.publicKey;
    if (!follows) throw new DomainError('MANIFEST_INVALID', 'not the generation before');
    return before;
  }

  private async read(): Promise<Generation> {
    const next = readGeneration(readDocument(this.options.file), this.options);
    const current = this.watched.current;
    if (current !== null && !sameBytes(current.hash, next.hash)) {
      if (next.number < current.number) throw new DomainError('MANIFEST_INVALID', 'manifest is older than the one in use');
      this.before = current;
    }
    return Promise.resolve(next);
  }
}

export function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new DomainError('FILE_UNREADABLE', 'cannot read a document as JSON');
  }
}

/**
 * The generations a holder answers for: its manifest and the one before (docs/protocol/documents.md). A new manifest file takes over while the
 * process runs, if it is not older and the share file holds its share; the replaced one becomes the one before.
 */
import { readFileSync } from 'node:fs';
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
    if (previousFile !== undefined) this.before = readGeneration(readDocument(previousFile), this.options);
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

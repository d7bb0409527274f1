/**
 * Two places of files. The exchange folder is what operators carry between each other: public, signed, untrusted. The store, inside the holder's
 * home, is what this holder has seen and said: written once and never changed, so that a step that is repeated, by a killed process or by two at
 * once, says the same bytes again.
 */
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '#kernel';

/** Folders of the exchange, in the order of the ceremony. */
export const PLAN_FILE = 'plan.json';
export const BASE_FILE = 'base-manifest.json';
export const FOLDERS = { join: '1-join', commitments: '2-commitments', shares: '3-shares', confirm: '4-confirm', manifest: '5-manifest', complaint: 'complaints' } as const;
export type Stage = keyof typeof FOLDERS;

const MESSAGE_MAX = 256 * 1024;

/** @throws FILE_UNREADABLE: missing, too large or not JSON */
export function readPublicJson(file: string): unknown {
  try {
    if (statSync(file).size > MESSAGE_MAX) throw new RangeError('size');
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new DomainError('FILE_UNREADABLE', 'ceremony file missing, too large or not JSON', { file: path.basename(file) });
  }
}

/** Sender (the file's name) and content of every message of a stage that lies in a folder. */
export function messagesIn(root: string, stage: Stage): { readonly sender: string; readonly content: unknown }[] {
  const folder = path.join(root, FOLDERS[stage]);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^[A-Za-z0-9_-]{1,64}\.json$/.test(name)).sort() : [];
  return names.map((name) => ({ sender: name.slice(0, -'.json'.length), content: readPublicJson(path.join(folder, name)) }));
}

/** Into the exchange folder: whole or not at all; a copy that was damaged on the way is replaced. */
export function publish(root: string, name: string, content: unknown): void {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o644 });
  renameSync(draft, file);
}

export function messageName(stage: Stage, sender: string): string {
  return path.join(FOLDERS[stage], `${sender}.json`);
}

export class CeremonyStore {
  constructor(readonly directory: string) {}

  file(name: string): string {
    return path.join(this.directory, name);
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  /** @throws STATE_CONFLICT when the store lost it */
  read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.file(name), 'utf8'));
    } catch {
      throw new DomainError('STATE_CONFLICT', 'the ceremony state lacks a file', { file: path.basename(name) });
    }
  }

  /**
   * The first content wins, also against another process: what is returned is what is on disk.
   * @param heard somebody else's message: should it be lost with the machine's power, one's own later messages still bind to it
   */
  writeOnce(name: string, content: unknown, heard = false): unknown {
    const file = this.file(name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}.new`;
    if (heard) writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    else writeDurably(draft, `${JSON.stringify(content)}\n`);
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
    if (!heard) syncFolder(path.dirname(file));
    return this.read(name);
  }

  remove(name: string): void {
    rmSync(this.file(name), { force: true });
    syncFolder(this.directory);
  }
}

/** Mode 0600, on disk when it returns. */
export function writeDurably(file: string, text: string): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The share file of one epoch in a holder's home: always sealed. It holds the share of the present generation and, for one generation of grace, the
 * one before; replaced by writing beside, syncing and renaming, so that at no instant there is none.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openSecret, sealSecret } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { parseShareFile, SHARE_SEALED_AS, type ShareFile } from '#protocol';
import { syncFolder, writeDurably } from './ceremony-files.js';
import type { HolderHome } from './holder-home.js';

export function epochFile(home: HolderHome, epoch: number, name: 'share.json' | 'manifest.json' | 'manifest.previous.json' | 'pins.json'): string {
  return home.file('epochs', String(epoch), name);
}

/** Null when this home has no share of that epoch. @throws CONFIG_INVALID when it does not open */
export async function readShareFile(home: HolderHome, epoch: number): Promise<ShareFile | null> {
  const file = epochFile(home, epoch, 'share.json');
  if (!existsSync(file)) return null;
  const { secret } = await openSecret(home.keySource(), JSON.parse(readFileSync(file, 'utf8')) as unknown, SHARE_SEALED_AS);
  const share = parseShareFile(secret);
  if (share.epoch !== epoch || share.holderId !== home.settings.id) throw new DomainError('STATE_CONFLICT', 'the share file is of another holder or epoch', { reason: 'share' });
  return share;
}

export async function writeShareFile(home: HolderHome, share: ShareFile): Promise<void> {
  const { shares, ...facts } = share;
  const about = { ...facts, generations: shares.map(({ generation }) => generation) };
  const sealed = await sealSecret(home.keySource(), { sealed: SHARE_SEALED_AS, about }, share as unknown as Json);
  replaceFile(epochFile(home, share.epoch, 'share.json'), `${JSON.stringify(sealed)}\n`);
}

/** Written beside, synced, renamed, the folder synced. */
export function replaceFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  writeDurably(draft, text);
  renameSync(draft, file);
  syncFolder(path.dirname(file));
}

export function removeEpochFile(home: HolderHome, epoch: number, name: 'share.json' | 'manifest.previous.json'): void {
  const file = epochFile(home, epoch, name);
  rmSync(file, { force: true });
  if (existsSync(path.dirname(file))) syncFolder(path.dirname(file));
}

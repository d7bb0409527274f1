/** Lets one process at a time create or start a cluster. A lock left by a dead process is taken over by renaming it away. */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './postmaster.js';

export async function withStartLock<T>(lock: string, work: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  mkdirSync(path.dirname(lock), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  while (!tryLock(lock)) {
    if (Date.now() > deadline) throw new Error(`another process is still starting PostgreSQL (${lock})`);
    dropStale(lock);
    await sleep(25);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock: string): boolean {
  const draft = `${lock}.${process.pid}.${Math.random()}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, lock); // link, so that the lock is never seen empty
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function dropStale(lock: string): void {
  if (isAlive(holderOf(lock))) return;
  const away = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, away);
    // Somebody fresh may have taken it between our look and the rename: give it back.
    if (isAlive(holderOf(away)) && !existsSync(lock)) linkSync(away, lock);
  } catch {
    return;
  } finally {
    rmSync(away, { force: true });
  }
}

/** The pid in the lock; our own when it vanished meanwhile (which counts as alive: try again). */
function holderOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

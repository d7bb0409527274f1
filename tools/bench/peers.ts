/**
 * Who we are measured against: plain C over Debian's libsodium (test/bench/native), and @openmined/psi.js (test/bench/psi, a package folder of
 * its own that is never part of the project: one of its dependencies downloads a program when install scripts run, so they do not).
 * Each is skipped, and said so, where it cannot be had.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LineProcess } from './line-process.js';

export type Peer = { readonly process: LineProcess } | { readonly missing: string };

export async function startNative(root: string): Promise<Peer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tally-bench-'));
  const program = path.join(folder, 'baseline');
  try {
    const compiled = spawnSync('cc', ['-O2', '-o', program, path.join(root, 'test/bench/native/baseline.c'), '-lsodium'], { encoding: 'utf8' });
    if (compiled.error) return { missing: 'no C compiler (cc)' };
    if (compiled.status !== 0) return { missing: 'libsodium or its headers are missing (Debian: libsodium-dev)' };
    return { process: await LineProcess.start(program, []) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function startPsi(root: string): Promise<Peer> {
  const folder = path.join(root, 'test/bench/psi');
  if (!existsSync(path.join(folder, 'node_modules'))) {
    const installed = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore', timeout: 180_000 });
    if (installed.status !== 0) {
      rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
      return { missing: '@openmined/psi.js cannot be installed here (npm ci --ignore-scripts in test/bench/psi)' };
    }
  }
  return LineProcess.start(process.execPath, [path.join(folder, 'peer.mjs')]).then((started) => ({ process: started }), () => ({ missing: '@openmined/psi.js does not start' }));
}

export function stopPeer(peer: Peer): void {
  if ('process' in peer) peer.process.stop();
}

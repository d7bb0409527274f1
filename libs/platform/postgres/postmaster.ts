/**
 * What PostgreSQL itself writes down about a running server (postmaster.pid) is our state file. A pid alone proves
 * nothing, since pids are reused: the process must also carry this data directory on its command line.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** The pid of the live postmaster of this data directory, or null. */
export function livePostmaster(dataDir: string): number | null {
  const pid = recordedPid(path.join(dataDir, 'postmaster.pid'));
  return pid !== null && isPostmasterOf(pid, dataDir) ? pid : null;
}

/**
 * PostgreSQL clears the leavings of a dead server itself, but refuses to start when the recorded pid meanwhile belongs
 * to another process of the same user. Only that case is cleared here; the shared-memory check stays in force.
 */
export function clearReusedPid(dataDir: string, socketDir: string, port: number): void {
  const socket = path.join(socketDir, `.s.PGSQL.${port}`);
  for (const file of [path.join(dataDir, 'postmaster.pid'), `${socket}.lock`]) {
    const pid = recordedPid(file);
    if (pid !== null && isAlive(pid) && !isPostmasterOf(pid, dataDir)) rmSync(file, { force: true });
  }
}

/** True when the server has told its postmaster.pid that it is past recovery. */
export function saysReady(dataDir: string): boolean {
  try {
    return /^ready/m.test(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8'));
  } catch {
    return false;
  }
}

/** True when something accepts connections on the socket. */
export function acceptsConnections(socketDir: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path.join(socketDir, `.s.PGSQL.${port}`));
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function recordedPid(file: string): number | null {
  try {
    const pid = Math.abs(parseInt(readFileSync(file, 'utf8').split('\n')[0] ?? '', 10));
    return Number.isInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    const command = process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('/bin/ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(`-D ${dataDir} `);
  } catch {
    return false;
  }
}

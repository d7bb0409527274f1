/**
 * PostgreSQL refuses to run as root. As root the server runs under `postgres` or else `nobody`; as an ordinary user it
 * runs as that user. Everything the server must read then has to be reachable for that account, which a project under a
 * private home (0700) is not: `canReach` decides, and callers put binaries and data under the runtime directory instead.
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** The account to drop to, or null when the server runs as the caller. */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const account = readAccount('postgres') ?? readAccount('nobody');
  if (!account) throw new Error('PostgreSQL does not run as root and neither `postgres` nor `nobody` exists in /etc/passwd');
  return account;
}

function readAccount(name: string): ServerAccount | null {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(':');
  return fields ? { name, uid: Number(fields[2]), gid: Number(fields[3]) } : null;
}

/** True when the account can traverse every directory down to `target` (or to its nearest existing parent). */
export function canReach(target: string, account: ServerAccount | null): boolean {
  if (!account) return true;
  for (let dir = path.resolve(target); ; dir = path.dirname(dir)) {
    if (existsSync(dir) && statSync(dir).isDirectory() && !canTraverse(dir, account)) return false;
    if (dir === path.dirname(dir)) return true;
  }
}

function canTraverse(dir: string, account: ServerAccount): boolean {
  const { mode, uid, gid } = statSync(dir);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/**
 * Our own directory in /var/tmp, one a user: binaries, sockets and, when the project is out of reach, data. The name is
 * predictable in a world-writable place, so a directory that another user planted there is refused, never used.
 */
export function runtimeDirectory(): string {
  const uid = process.getuid?.() ?? 0;
  const dir = path.join('/var/tmp', `tallystick-${uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const found = lstatSync(dir);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${dir} belongs to somebody else; remove it first`);
  if ((found.mode & 0o777) !== 0o711) chmodSync(dir, 0o711);
  return dir;
}

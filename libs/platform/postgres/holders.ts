/**
 * Who uses a server, and what stops it. Every process that starts or reuses a server holds a file named by its pid, and
 * has a watchdog: a shell that waits on a pipe from it. However that process ends (return, Ctrl-C, SIGKILL), the pipe
 * closes; the watchdog then drops the holder's file and, if it was the last holder, shuts the server down.
 * The shell checks that the recorded pid really is this server, and insists with SIGQUIT after ten seconds.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive } from './postmaster.js';

const WATCHDOG = `
holders=$1; me=$2; data=$3
read -r order
rm -f "$holders/$me"
[ "$order" = release ] && exit 0
for file in "$holders"/*; do
  other=\${file##*/}
  [ "$other" = '*' ] && break
  kill -0 "\${other%%.*}" 2>/dev/null && exit 0
done
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || exit 0
ours() {
  if [ -r "/proc/$pid/cmdline" ]; then tr '\\0' '\\n' <"/proc/$pid/cmdline"; else ps -o command= -p "$pid"; fi 2>/dev/null | grep -qF -- "$data"
}
ours || exit 0
kill -INT "$pid"
n=0; while ours; do n=$((n + 1)); [ "$n" = 100 ] && kill -QUIT "$pid"; [ "$n" -gt 150 ] && exit 1; sleep 0.1; done
`;

export class Holder {
  private readonly watchdog: ChildProcess;
  private readonly name: string;
  private released = false;
  private static count = 0;
  /** Of this process. */
  private static readonly all = new Set<Holder>();

  constructor(private readonly holdersDir: string, dataDir: string) {
    mkdirSync(holdersDir, { recursive: true, mode: 0o700 });
    this.name = `${process.pid}.${Holder.count++}`;
    writeFileSync(path.join(holdersDir, this.name), '');
    this.watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'tally-postgres-watchdog', holdersDir, this.name, dataDir], {
      stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    });
    this.watchdog.stdin?.on('error', () => undefined);
    (this.watchdog.stdin as unknown as { unref?: () => void } | null)?.unref?.();
    this.watchdog.unref();
    Holder.all.add(this);
  }

  /** A server that has just been started has no other user in this process: what is left held one that was killed. */
  releaseOlder(): void {
    for (const other of Holder.all) if (other !== this && other.holdersDir === this.holdersDir) other.release();
  }

  /** Gives up the hold without stopping anything; true when nobody else holds the server. */
  release(): boolean {
    if (!this.released) this.watchdog.stdin?.end('release\n');
    this.released = true;
    Holder.all.delete(this);
    rmSync(path.join(this.holdersDir, this.name), { force: true });
    return !otherHolders(this.holdersDir);
  }
}

function otherHolders(holdersDir: string): boolean {
  let held = false;
  for (const name of readdirSync(holdersDir)) {
    if (isAlive(Number(name.split('.')[0]))) held = true;
    else rmSync(path.join(holdersDir, name), { force: true });
  }
  return held;
}

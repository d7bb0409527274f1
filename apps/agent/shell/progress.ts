/** Progress on stderr: a bar for people at a terminal, JSON lines with --json, nothing in a plain pipe. */
import { SingleBar } from 'cli-progress';
import type { Shell } from './shell.js';

export interface Progress {
  update(done: number, total: number, fields: Readonly<Record<string, string | number | boolean>>): void;
  stop(): void;
}

export function progressOf(shell: Shell, name: string, label: string): Progress {
  if (shell.json) return { update: (done, total, fields) => shell.event(name, { done, total, ...fields }), stop: () => undefined };
  if (!shell.streams.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format: `${label} {bar} {percentage}% {value}/{total} {eta_formatted}`, stream: shell.streams.stderr });
  let started = false;
  return {
    update: (done, total) => {
      if (!started) bar.start(total, done);
      else bar.update(done);
      started = true;
    },
    stop: () => bar.stop(),
  };
}

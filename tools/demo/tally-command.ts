/** Runs `tally` as its user would: a process of its own with the party's home, results as JSON on standard output. */
import { spawn, type ChildProcess } from 'node:child_process';
import { compiled } from './run-folder.js';

export interface TallyAnswer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

const ENTRY = compiled('apps', 'agent', 'main.js');

export interface TallyOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told the process id, for who watches its memory. */
  readonly started?: (pid: number) => void;
}

/** A demo that is stopped leaves no command behind that waits for its network. */
const running = new Set<ChildProcess>();
process.once('exit', () => { for (const child of running) child.kill('SIGKILL'); });

export async function tallyRaw(home: string, args: readonly string[], options: TallyOptions = {}): Promise<TallyAnswer> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRY, ...args, '--home', home], {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', LANG: 'en', ...options.env }, stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  if (child.pid !== undefined) options.started?.(child.pid);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const exit = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? -1));
  });
  return { exit, stdout: Buffer.concat(out).toString('utf8'), stderr: Buffer.concat(err).toString('utf8'), seconds: (performance.now() - started) / 1000 };
}

/** @throws Error with the command's own error line when it did not succeed */
export async function tally<T>(home: string, args: readonly string[], options: TallyOptions = {}): Promise<T> {
  const answer = await tallyRaw(home, [...args, '--json'], options);
  if (answer.exit !== 0) {
    const line = answer.stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`tally ${args.slice(0, 2).join(' ')} ended with ${answer.exit}: ${line}`);
  }
  return (answer.stdout.trim() === '' ? null : JSON.parse(answer.stdout)) as T;
}

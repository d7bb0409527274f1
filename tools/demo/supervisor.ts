/**
 * Runs the network's processes as an operator's service manager would: an own environment for each (nothing is inherited
 * but PATH), output to a log file of its own, started again when it dies, stopped in order at the end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessSpec {
  readonly name: string;
  /** Compiled entry file. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const RESTARTS_AT_MOST = 20;

export class SupervisedProcess {
  private child: ChildProcess | null = null;
  private stopping = false;
  private readonly log: WriteStream;
  restarts = 0;

  constructor(private readonly spec: ProcessSpec, private readonly failed: (error: Error) => void) {
    this.log = createWriteStream(spec.logFile, { flags: 'a', mode: 0o600 });
  }

  get name(): string { return this.spec.name; }
  get pid(): number | null { return this.child?.pid ?? null; }

  /** Resolves when the process has said that it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', this.spec.entry], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...this.spec.env },
      detached: true, // Ctrl-C reaches the demo alone, which then stops all in order
    });
    this.child = child;
    child.stderr.pipe(this.log, { end: false });
    this.endWithUs(child);
    const ready = this.readyLine(child);
    child.once('exit', () => { void this.ended(child); });
    await ready;
  }

  /** However this process dies, its end of the pipe closes and the waiting shell stops the child. */
  private endWithUs(child: ChildProcess): void {
    const watch = spawn('/bin/sh', ['-c', 'read _; kill -TERM "$0" 2>/dev/null', String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    watch.on('error', () => undefined);
    watch.unref();
    child.once('exit', () => watch.kill('SIGKILL'));
  }

  private readyLine(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} was not ready within ${READY_TIMEOUT_MS / 1000} s: see ${this.spec.logFile}`)), READY_TIMEOUT_MS);
      const settle = (done: () => void): void => { clearTimeout(timer); done(); };
      child.once('error', (error) => settle(() => reject(error)));
      child.once('exit', (code, signal) => settle(() => reject(new Error(`${this.name} ended (${code ?? signal}) before it was ready: see ${this.spec.logFile}`))));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        this.log.write(`${line}\n`);
        if (line.includes('"app.ready"')) settle(resolve);
      });
    });
  }

  private async ended(child: ChildProcess): Promise<void> {
    if (this.stopping || this.child !== child) return;
    this.child = null;
    this.restarts += 1;
    if (this.restarts > RESTARTS_AT_MOST) return this.failed(new Error(`${this.name} keeps dying: see ${this.spec.logFile}`));
    await sleep(Math.min(2000, 200 * this.restarts));
    if (!this.stopping) await this.start().catch(() => undefined); // an exit before ready comes back here
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const child = this.child;
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await gone;
      clearTimeout(timer);
    }
    await new Promise<void>((resolve) => { this.log.end(() => resolve()); });
  }
}

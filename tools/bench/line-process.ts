/** A contestant in a process of its own: one line asks, one line answers with the CPU time that it took there, in nanoseconds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Contestant } from './interleave.js';

export class LineProcess {
  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcess, reader: Interface) {
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** @throws Error when the program does not say `ready` first */
  static async start(command: string, args: readonly string[]): Promise<LineProcess> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => undefined);
    const started = new LineProcess(child, createInterface({ input: child.stdout }));
    const failed = new Promise<never>((_, reject) => { child.once('error', reject); });
    const hello = await Promise.race([started.next(), failed]);
    if (!hello.startsWith('ready')) throw new Error(`${command} did not start`);
    return started;
  }

  contestant(operation: string, items: number): Contestant {
    return {
      items,
      spend: async () => {
        this.child.stdin!.write(`${operation} ${String(items)}\n`);
        return Number(await this.next()) / 1000;
      },
    };
  }

  stop(): void {
    this.child.kill('SIGTERM');
  }

  private async next(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the contestant ended');
    return value as string;
  }
}

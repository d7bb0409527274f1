/** Tells the steps in plain words with figures, and keeps the time of each stage for the report. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly rowsPerSecond: number | null;
}

const round = (value: number): number => Math.round(value * 100) / 100;

export class Narrator {
  readonly stages: Stage[] = [];
  private step = 0;

  constructor(private readonly out: NodeJS.WritableStream) {}

  title(text: string): void {
    this.out.write(`\n${text}\n${'='.repeat(Math.min(100, text.length))}\n`);
  }

  chapter(text: string): void {
    this.step += 1;
    this.out.write(`\n${this.step}. ${text}\n`);
  }

  say(text: string): void {
    this.out.write(`   ${text}\n`);
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.say(text);
  }

  /** Runs a stage; `rows` of its result, if any, give the rate. */
  async stage<T>(name: string, work: () => Promise<T>, rowsOf?: (result: T) => number): Promise<T> {
    const started = performance.now();
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    const rows = rowsOf?.(result) ?? null;
    this.stages.push({ name, seconds: round(seconds), rowsPerSecond: rows === null ? null : Math.round(rows / Math.max(seconds, 0.001)) });
    return result;
  }

  seconds(name: string): number {
    return this.stages.findLast((stage) => stage.name === name)?.seconds ?? 0;
  }
}

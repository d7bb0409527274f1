/** The part of cli-progress that the agent uses; the package brings no types. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: { readonly format?: string; readonly stream?: NodeJS.WritableStream });
    start(total: number, startValue: number): void;
    update(value: number): void;
    stop(): void;
  }
}

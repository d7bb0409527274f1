/** The engine of this process or thread, made once. The kernel unless it is told otherwise (docs/adr/0012-which-engine-where.md). */
import { chooseEngine, type Engine, type EngineChoice, type EngineFallback } from '#crypto';

let choice: EngineChoice = 'kernel';
let tell: (reason: EngineFallback) => void = () => undefined;
let engine: Promise<Engine> | null = null;

/** Before the first batch. `onFallback` is called at most once: threads that compute for this one keep silent. */
export function setEngine(wanted: EngineChoice, onFallback: (reason: EngineFallback) => void = () => undefined): void {
  choice = wanted;
  tell = onFallback;
  engine = null;
}

export function engineChoice(): EngineChoice {
  return choice;
}

export function memberEngine(): Promise<Engine> {
  engine ??= chooseEngine(choice, tell);
  return engine;
}

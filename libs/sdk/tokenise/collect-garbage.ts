/**
 * A window of rows lives for seconds, long enough to be taken for long-lived by the collector, which then lets several
 * generations of dead windows (and the native hash objects they hold) pile up. Collecting after each one costs about
 * one per cent and keeps an agent that publishes a million rows small.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

export function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

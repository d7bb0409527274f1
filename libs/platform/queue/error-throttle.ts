/**
 * While the database is away, BullMQ reports the same error many times a second, for every queue. One line a kind of
 * error and period says as much; the number of those left out goes into the next line.
 */
import type { EventFields, EventLog } from '#platform/logging';

export type ReportError = (name: string, error: unknown, fields?: EventFields) => void;

export function throttleErrors(log: EventLog, periodMs = 5_000, now: () => number = Date.now): ReportError {
  const kinds = new Map<string, { at: number; leftOut: number }>();
  return (name, error, fields = {}) => {
    const kind = `${name} ${error instanceof Error ? error.constructor.name : typeof error} ${String((error as { code?: unknown } | null)?.code ?? '')}`;
    const last = kinds.get(kind);
    if (last && now() - last.at < periodMs) {
      last.leftOut += 1;
      return;
    }
    kinds.set(kind, { at: now(), leftOut: 0 });
    log.error(name, error, { ...fields, ...(last && last.leftOut > 0 ? { leftOut: last.leftOut } : {}) });
  };
}

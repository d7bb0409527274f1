/**
 * Who is suspended, from the hub's signed list (docs/protocol/documents.md): fetched every second or two, valid for 5 s, never older than
 * the last. Without a fresh list every request is refused: a hub that is cut off, or that withholds its list, stops
 * evaluations instead of letting a suspended member go on. The list cannot admit anybody.
 */
import { type PublicJwk, verifyStatement } from '#crypto';
import { DomainError, type Json } from '#kernel';
import type { EventLog } from '#platform/logging';
import { boundedBody, parseStatusList, STATUS_TYP, STATUS_VALID_SECONDS, type StatusList } from '#protocol';

const CLOCK_SKEW_MS = 2_000;
const ANSWER_MAX_BYTES = 1_000_000;
const FETCH_TIMEOUT_MS = 1_500;
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/;

export interface StatusWatchOptions {
  readonly url: string;
  readonly key: PublicJwk;
  readonly intervalMs: number;
  readonly log: EventLog;
  /** Called with each accepted list; the key-holder refuses the hub's own cluster there. */
  readonly onList?: (list: StatusList) => void;
}

export class StatusWatch {
  private list: StatusList | null = null;
  private suspended: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private reachable: boolean | null = null;

  constructor(private readonly options: StatusWatchOptions) {}

  async start(): Promise<void> {
    await this.refresh();
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  isFresh(now: Date = new Date()): boolean {
    return this.list !== null && now.getTime() < Date.parse(this.list.expiresAt);
  }

  /** @throws DomainError STATUS_STALE, MEMBER_SUSPENDED */
  check(memberId: string, now: Date = new Date()): void {
    if (!this.isFresh(now)) throw new DomainError('STATUS_STALE', 'no fresh status list of the hub');
    if (this.suspended.has(memberId)) throw new DomainError('MEMBER_SUSPENDED', 'the member is on the status list');
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => { void this.refresh().finally(() => this.schedule()); }, this.options.intervalMs);
  }

  private async refresh(): Promise<void> {
    try {
      this.accept(await this.fetchList(), new Date());
      this.say(true);
    } catch (error) {
      this.say(false, error);
    }
  }

  private async fetchList(): Promise<StatusList> {
    const answer = await fetch(this.options.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' });
    if (!answer.ok) throw new DomainError('UNREACHABLE', 'the hub did not answer with a status list', { status: answer.status });
    const text = new TextDecoder().decode(await boundedBody(answer, ANSWER_MAX_BYTES));
    const { payload } = await verifyStatement(STATUS_TYP, compactJwsIn(text), this.options.key);
    return parseStatusList(payload as Json);
  }

  private accept(list: StatusList, now: Date): void {
    const issued = Date.parse(list.issuedAt);
    const expires = Date.parse(list.expiresAt);
    if (expires - issued > STATUS_VALID_SECONDS * 1_000) throw new DomainError('STATUS_STALE', 'status list claims to live too long');
    if (issued > now.getTime() + CLOCK_SKEW_MS) throw new DomainError('STATUS_STALE', 'status list comes from the future');
    if (this.list !== null && issued < Date.parse(this.list.issuedAt)) throw new DomainError('STATUS_STALE', 'status list is older than the last');
    this.options.onList?.(list);
    this.list = list;
    this.suspended = new Set(list.suspended);
  }

  /** One line when it changes, not one a second. */
  private say(reachable: boolean, error?: unknown): void {
    if (this.reachable === reachable) return;
    this.reachable = reachable;
    if (reachable) this.options.log.event('status.fresh');
    else this.options.log.error('status.unreachable', error);
  }
}

/** The list as plain text or as { "jws": "..." }. */
function compactJwsIn(text: string): string {
  const trimmed = text.trim();
  if (COMPACT_JWS.test(trimmed)) return trimmed;
  try {
    const body = JSON.parse(trimmed) as { jws?: unknown } | string;
    const jws = typeof body === 'string' ? body : body.jws;
    if (typeof jws === 'string' && COMPACT_JWS.test(jws)) return jws;
  } catch {
    // falls through
  }
  throw new DomainError('SIGNATURE_INVALID', 'status list is not a compact JWS');
}

/** Keeps relay and reconciler turning: at once when an outbox row commits (LISTEN), otherwise by the clock. */
import pg from 'pg';
import { parseDatabaseUrl } from '#platform/database';
import type { EventLog } from '#platform/logging';
import { throttleErrors, type ReportError } from './error-throttle.js';
import { RELAY_BATCH, type OutboxRelay } from './relay.js';

export interface PumpSettings {
  readonly pollMs: number;
  readonly reconcileEveryMs: number;
  readonly queuedForMs: number;
}

const USUAL: PumpSettings = { pollMs: 500, reconcileEveryMs: 5_000, queuedForMs: 15_000 };

export class QueuePump {
  private stopping = false;
  private turning: Promise<void> = Promise.resolve();
  private woken = false;
  private endPause: () => void = () => undefined;
  private listener: pg.Client | null = null;

  private readonly report: ReportError;

  constructor(private readonly url: string, private readonly relay: OutboxRelay, private readonly log: EventLog, private readonly settings: PumpSettings = USUAL) {
    this.report = throttleErrors(log);
  }

  start(): void {
    this.turning = this.turn();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.turning;
    await this.listener?.end().catch(() => undefined);
  }

  private async turn(): Promise<void> {
    let reconcileAt = 0;
    while (!this.stopping) {
      let moved = 0;
      this.woken = false;
      try {
        await this.listen();
        moved = await this.relay.relay();
        if (Date.now() >= reconcileAt) {
          const again = await this.relay.reconcile(this.settings.queuedForMs);
          if (again > 0) this.log.event('queue.reconciled', { jobs: again });
          reconcileAt = Date.now() + this.settings.reconcileEveryMs;
        }
      } catch (error) {
        this.report('queue.relay-failed', error);
      }
      if (moved < RELAY_BATCH) await this.pause(this.settings.pollMs);
    }
  }

  /** Ends the pause now, or skips the next one when a row commits while the relay is busy. */
  private wake(): void {
    this.woken = true;
    this.endPause();
  }

  private pause(ms: number): Promise<void> {
    if (this.woken || this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => { clearTimeout(timer); resolve(); };
    });
  }

  private async listen(): Promise<void> {
    if (this.listener) return;
    const client = new pg.Client({ ...parseDatabaseUrl(this.url), application_name: 'tally-outbox-listener', keepAlive: true, connectionTimeoutMillis: 5_000 });
    const lost = (): void => { if (this.listener === client) this.listener = null; };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => { this.wake(); });
    await client.connect();
    await client.query('listen tally_outbox');
    this.listener = client;
  }
}

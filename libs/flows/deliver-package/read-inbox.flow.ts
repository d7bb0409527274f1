/** The liaison's inbox: stable order, repeatable from any cursor it was given, long poll. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InboxCursor, InboxRepository, type InboxEntry } from '#domain/liaison';
import { DomainError } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';

export interface ReadInbox {
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
  /** Seconds to wait for a first entry, 0 to 30. */
  readonly waitSeconds: number;
}
export interface InboxPage {
  readonly entries: readonly Omit<InboxEntry, 'xid' | 'seq'>[];
  /** Where to go on; the same as asked when nothing was read. */
  readonly cursor: string | null;
}

const POLL_MS = 250;
const INBOX_WAIT_MAX = 30;

export class ReadInboxFlow {
  constructor(private readonly tenant: TenantTx, private readonly cursors: InboxCursor, private readonly inbox = new InboxRepository()) {}

  /** @throws DomainError BAD_INPUT for a cursor that is not ours, LIMIT_EXCEEDED */
  async run(actor: Actor, request: ReadInbox, signal?: AbortSignal): Promise<InboxPage> {
    const { limit, waitSeconds } = request;
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new DomainError('LIMIT_EXCEEDED', 'page', { limit: 'page', maximum: 100 });
    if (!Number.isInteger(waitSeconds) || waitSeconds < 0 || waitSeconds > INBOX_WAIT_MAX) throw new DomainError('LIMIT_EXCEEDED', 'wait', { limit: 'wait', maximum: INBOX_WAIT_MAX });
    const until = performance.now() + waitSeconds * 1000;
    for (;;) {
      const page = await this.read(actor, request);
      if (page.entries.length > 0 || performance.now() >= until || signal?.aborted) return page;
      await sleep(POLL_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  private read(actor: Actor, { cursor, limit }: ReadInbox): Promise<InboxPage> {
    const asked = cursor === null ? null : this.cursors.decode(actor.partyId, cursor);
    return this.tenant.run(actor, async (tx) => {
      const generation = await this.inbox.generation(tx);
      const after = asked?.generation === generation ? asked : null;
      const rows = await this.inbox.read(tx, actor.partyId, after, limit);
      const last = rows.at(-1);
      return {
        entries: rows.map(({ xid: _xid, seq: _seq, ...entry }) => entry),
        cursor: last ? this.cursors.encode(actor.partyId, { generation, xid: last.xid, seq: last.seq }) : after ? cursor : null,
      };
    });
  }
}

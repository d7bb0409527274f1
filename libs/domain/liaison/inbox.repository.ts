/**
 * A liaison's inbox, in an order that is stable and skips nothing: rows of transactions that may still be running are not
 * shown (xid < snapshot xmin), because a later commit with a smaller sequence number would otherwise be passed over.
 */
import { Injectable } from '@nestjs/common';
import type { PartyId } from '#kernel';
import type { Tx } from '#platform/database';
import type { InboxPosition } from './inbox-cursor.js';
import type { InboxEntry } from './package.model.js';

@Injectable()
export class InboxRepository {
  async generation(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ generation: number }>('select max(generation) as generation from tally.feed_generation');
    return row?.generation ?? 1;
  }

  read(tx: Tx, liaisonId: PartyId, after: InboxPosition | null, limit: number): Promise<InboxEntry[]> {
    return tx.query<InboxEntry>(
      `select i.kind, i.package_id as "packageId", k.kind as "packageKind", k.digest, octet_length(k.content) as size, i.created_at as at, i.xid::text as xid, i.seq::text as seq
        from tally.inbox_entry i join tally.package k on k.package_id = i.package_id
        where i.liaison_id = $1 and i.xid < pg_snapshot_xmin(pg_current_snapshot()) and ($2::xid8 is null or (i.xid, i.seq) > ($2::xid8, $3::bigint))
        order by i.xid, i.seq limit $4`,
      [liaisonId, after?.xid ?? null, after?.seq ?? null, limit]);
  }
}

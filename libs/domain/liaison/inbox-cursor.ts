/**
 * Opaque, authenticated cursor of a liaison's inbox: (feed generation, xid, seq). Authenticated because a made-up position could
 * silently skip packages; bound to the liaison because a position of another's feed means nothing here. A cursor of an
 * older generation (a restored cluster) starts over: the liaison sees packages again rather than never.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError, type PartyId } from '#kernel';

export interface InboxPosition { readonly generation: number; readonly xid: string; readonly seq: string }

const SHAPE = /^1\.(\d{1,9})\.(\d{1,20})\.(\d{1,19})$/;

export class InboxCursor {
  /** @param key 32 bytes or more, the same in every replica of the hub */
  constructor(private readonly key: Uint8Array) {}

  encode(liaison: PartyId, position: InboxPosition): string {
    const text = `1.${position.generation}.${position.xid}.${position.seq}`;
    return Buffer.concat([this.mac(liaison, text), Buffer.from(text)]).toString('base64url');
  }

  /** @throws DomainError BAD_INPUT for anything that this hub did not write for this liaison. */
  decode(liaison: PartyId, cursor: string): InboxPosition {
    const bytes = Buffer.from(cursor.length <= 200 ? cursor : '', 'base64url');
    const text = bytes.subarray(16).toString('utf8');
    const found = SHAPE.exec(text);
    if (!found || bytes.length < 17 || !timingSafeEqual(bytes.subarray(0, 16), this.mac(liaison, text))) throw new DomainError('BAD_INPUT', 'cursor');
    return { generation: Number(found[1]), xid: found[2]!, seq: found[3]! };
  }

  private mac(liaison: PartyId, text: string): Buffer {
    return createHmac('sha256', this.key).update(`tally-inbox-cursor|${liaison}|${text}`).digest().subarray(0, 16);
  }
}

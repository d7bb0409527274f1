import fc from 'fast-check';
import type { PartyId } from '#kernel';
import { InboxCursor } from './inbox-cursor.js';

const liaison = '00000000-0000-4000-8000-000000000001' as PartyId;
const other = '00000000-0000-4000-8000-000000000002' as PartyId;

describe(InboxCursor.name, () => {
  const sut = new InboxCursor(Buffer.alloc(32, 1));
  const position = { generation: 3, xid: '18446744073709551615', seq: '42' };

  it('gives back what it was given', () => expect(sut.decode(liaison, sut.encode(liaison, position))).toEqual(position));

  it('refuses what another key, another liaison or nobody wrote', () => {
    const cursor = sut.encode(liaison, position);
    const refused = expect.objectContaining({ code: 'BAD_INPUT' });
    expect(() => sut.decode(other, cursor)).toThrow(refused);
    expect(() => new InboxCursor(Buffer.alloc(32, 2)).decode(liaison, cursor)).toThrow(refused);
    fc.assert(fc.property(fc.nat(cursor.length - 2), fc.constantFrom('A', 'b', '7', '_'), (at, sign) => {
      fc.pre(cursor[at] !== sign);
      expect(() => sut.decode(liaison, cursor.slice(0, at) + sign + cursor.slice(at + 1))).toThrow(refused);
    }));
    for (const junk of ['', 'x', 'A'.repeat(300)]) expect(() => sut.decode(liaison, junk)).toThrow(refused);
  });
});

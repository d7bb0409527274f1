/** A hub that answers about clues it was not sent. */
import type { ClueId } from '#kernel';
import type { HubClient } from '../transport/hub-client.js';
import { ChunkSender } from './chunk-sender.js';

const [SENT, OTHER] = ['0197a3c2-0000-7000-8000-000000000001', '0197a3c2-0000-7000-8000-000000000002'] as ClueId[] as [ClueId, ClueId];
const sender = (answer: object): ChunkSender => new ChunkSender({
  rest: () => Promise.resolve({ json: () => ({ accepted: 0, alreadyKnown: 0, refused: [], known: [], ...answer }) }),
} as unknown as HubClient, 'p');
const chunk = { via: 'bulk', clueIds: [SENT], body: '' } as const;
const foreign = expect.objectContaining({ code: 'DIGEST_MISMATCH', fields: { reason: 'answer' } }) as Error;

describe('an answer to a chunk', () => {
  it('is taken when it is about its clues', async () => {
    expect(await sender({ refused: [{ clueId: SENT, code: 'POLICY_FORBIDS' }, { clueId: null, code: 'BAD_INPUT' }], known: [[SENT, OTHER]] }).send(0, chunk)).toMatchObject({ refused: [{ clueId: SENT }], known: [[SENT, OTHER]] });
  });
  it.each([
    ['refuses a clue that was not sent', { refused: [{ clueId: OTHER, code: 'POLICY_FORBIDS' }] }],
    ['knows a clue that was not sent', { known: [[OTHER, SENT]] }],
    ['knows it under what is no id', { known: [[SENT, 'x/y']] }],
  ])('is not believed when it %s', async (_, answer) => {
    await expect(sender(answer).send(0, chunk)).rejects.toThrow(foreign);
  });
});

import { postWebhook } from '#flows/deliver-package';
import { FakeAgency } from './fake-agency.js';

describe(FakeAgency.name, () => {
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  const policy = { allowPrivate: true };

  it('takes down what is signed, repeats included, and nothing else', async () => {
    const sut = new FakeAgency((arrivals) => (arrivals === 1 ? 500 : null));
    sut.secret = secret;
    const url = await sut.start();
    const message = { id: 'msg_1', body: '{"type":"inbox.changed"}' };
    try {
      await postWebhook(url, secret, message, policy);
      await expect(postWebhook(url, secret, message, policy)).rejects.toMatchObject({ code: 'UNREACHABLE' });
      await postWebhook(url, secret, { ...message, id: 'msg_2' }, policy);
      await expect(postWebhook(url, `whsec_${Buffer.alloc(32, 6).toString('base64')}`, message, policy)).rejects.toMatchObject({ code: 'UNREACHABLE' });
      expect(sut.ledger.map(({ id, answered }) => [id, answered])).toEqual([['msg_1', 204], ['msg_1', 500], ['msg_2', 204]]);
      expect([...sut.handled().keys()]).toEqual(['msg_1', 'msg_2']);
      expect(sut.refused).toBe(1);
    } finally {
      await sut.stop();
    }
    await expect(postWebhook(url, secret, message, policy)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

import { generatePrivateJwk, publicJwk } from '#crypto';
import { createEventLog } from '#platform/logging';
import { FloodingService } from '#testing';
import { StatusWatch } from './status-watch.js';

describe(StatusWatch.name, () => {
  const hub = new FloodingService();
  afterAll(() => hub.stop());

  it('takes no more from the hub than a status list can be, and goes on refusing', async () => {
    await hub.start();
    const sut = new StatusWatch({ url: hub.url, key: publicJwk(generatePrivateJwk()), intervalMs: 60_000, log: createEventLog({ app: 'keyholder', level: 'silent' as never }) });
    await sut.start();
    sut.stop();
    expect(hub.sent).toBeLessThan(16 * 1024 * 1024);
    expect(sut.isFresh()).toBe(false);
  });
});

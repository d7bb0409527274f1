import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isPublicAddress, postWebhook, webhookSecretOf, webhookSignature } from './webhook.js';

const vectors = path.resolve(import.meta.dirname, '../../../../shared/data/vectors/standard-webhooks.json');
const here = existsSync(vectors) ? it : it.skip;

describe(webhookSignature.name, () => {
  here('agrees with the published example of Standard Webhooks (skipped where ../shared/data is absent)', () => {
    const examples = JSON.parse(readFileSync(vectors, 'utf8')) as { secret: string; id: string; timestamp: number; payload: string; signature: string }[];
    for (const { secret, id, timestamp, payload, signature } of examples) expect(webhookSignature(secret, id, timestamp, payload)).toBe(signature);
  });
  it('has another secret for each liaison', () => {
    const master = Buffer.alloc(32, 1);
    expect(webhookSecretOf(master, 'a')).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhookSecretOf(master, 'a')).not.toBe(webhookSecretOf(master, 'b'));
  });
});

describe(isPublicAddress.name, () => {
  it.each(['127.0.0.1', '10.1.2.3', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255', '198.18.0.1', '::1', '::', 'fe80::1',
    'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'not-an-address', ''])('keeps out %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2400:3200::1'])('lets through %s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe(postWebhook.name, () => {
  const message = { id: 'msg_1', body: '{}' };
  it.each(['http://example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://2130706433/', 'https://0x7f.1/', 'https://localhost/', 'https://user:pw@example.com/', 'ftp://example.com/'])(
    'refuses %s in production', async (url) => {
      await expect(postWebhook(url, 'whsec_AA==', message, { allowPrivate: false })).rejects.toMatchObject({ code: 'POLICY_FORBIDS' });
    });
});

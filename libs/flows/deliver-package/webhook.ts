/**
 * The webhook to a liaison: thin (that something waits, never what), signed after Standard Webhooks, and with egress that cannot be
 * pointed inwards: https only, every address that the name resolves to is checked and the connection goes to the address that was
 * checked, no redirects, little read back. The URL is registered by people, its DNS is attacker-controlled all the same.
 */
import { createHmac } from 'node:crypto';
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { DomainError } from '#kernel';

export interface WebhookMessage {
  /** The receiver's idempotency key: repeats carry the same one, and the same bytes. */
  readonly id: string;
  readonly body: string;
}
export interface EgressPolicy {
  /** Demo and tests only: plain http and loopback. */
  readonly allowPrivate: boolean;
}

const TIMEOUT_MS = 10_000;
const PRIVATE = new BlockList();
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 3]] as const) PRIVATE.addSubnet(net, bits, 'ipv4');
/** Global unicast is 2000::/3; of it, the transition and documentation ranges lead elsewhere. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) PRIVATE.addSubnet(net, bits, 'ipv6');

/** True for an address that a webhook may reach from production. */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address)) return false;
  if (isIPv6(address)) return PUBLIC_V6.check(address, 'ipv6') && !PRIVATE.check(address, 'ipv6');
  return !PRIVATE.check(address, 'ipv4');
}

/** Standard Webhooks: base64(HMAC-SHA-256(secret, id.timestamp.body)); the secret is what follows `whsec_`, in base64. */
export function webhookSignature(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** One secret a liaison, from the worker's own: nothing to store, nothing to leak from the database. */
export function webhookSecretOf(master: Uint8Array, liaisonId: string): string {
  return `whsec_${createHmac('sha256', master).update(`tally-webhook|${liaisonId}`).digest('base64')}`;
}

/**
 * Posts once.
 * @throws DomainError POLICY_FORBIDS for an address that may not be reached, UNREACHABLE for everything else but a 2xx answer
 */
export async function postWebhook(url: string, secret: string, message: WebhookMessage, policy: EgressPolicy): Promise<void> {
  const target = new URL(url);
  if (target.protocol !== 'https:' && !(policy.allowPrivate && target.protocol === 'http:')) throw new DomainError('POLICY_FORBIDS', 'webhooks go to https only');
  if (target.username !== '' || target.password !== '') throw new DomainError('POLICY_FORBIDS', 'credentials in a webhook address');
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !policy.allowPrivate && !isPublicAddress(host)) throw new DomainError('POLICY_FORBIDS', 'webhook address is not public');
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json', 'content-length': Buffer.byteLength(message.body), 'webhook-id': message.id, 'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(secret, message.id, timestamp, message.body), 'user-agent': 'tallystick',
  };
  const status = await send(target, headers, message.body, checkedLookup(policy));
  if (status < 200 || status > 299) throw new DomainError('UNREACHABLE', 'webhook was not accepted', { status });
}

function send(target: URL, headers: Record<string, string | number>, body: string, lookup: LookupFunction): Promise<number> {
  return new Promise((done, fail) => {
    const make = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = make(target, { method: 'POST', headers, lookup, agent: false, timeout: TIMEOUT_MS, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      response.destroy();
      done(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => fail(error instanceof DomainError ? error : new DomainError('UNREACHABLE', 'webhook cannot be reached', {}, { cause: error })));
    request.end(body);
  });
}

/** Resolves, refuses if any address is not public, and gives the connection what was checked (no second look-up to rebind). */
function checkedLookup(policy: EgressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, []);
      if (!policy.allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new DomainError('POLICY_FORBIDS', 'webhook address is not public') as NodeJS.ErrnoException, []);
      }
      const first = addresses[0];
      return options.all === true || !first ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

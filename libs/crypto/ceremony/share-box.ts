/**
 * A share on its way to one holder: ECIES over ristretto255 to a key that lives for one ceremony (signed by the holder's pinned evidence key), so that
 * transcripts that are kept open nothing later. Why this group and not the P-256 of sealed packages: the receiver of a bad share can then show
 * it. It discloses the one shared point and proves (RFC 9497 2.2.1, the same proof as an evaluation) that it is the right one; everybody can open that
 * box, and nobody's key is given away (docs/protocol/ceremonies.md).
 * Layout: E (32 bytes) || AES-256-GCM(share) (32 + 16 bytes). One length for all, hence no padding.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { concat, lengthPrefixed, utf8 } from '../bytes.js';
import { CryptoInputError } from '../crypto.errors.js';
import type { Engine } from '../voprf/engine.js';
import { type CeremonyKind, shareFits } from './dealing.js';

const BOX_BYTES = 80;
const SHARE_BYTES = 32;
const TAG_BYTES = 16;
const INFO = utf8('tally1 ceremony share');

export interface BoxKey {
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A fresh key pair of this ceremony alone: scalar and point, 32 bytes each. */
export function drawBoxKey(engine: Engine): BoxKey {
  const secret = engine.scalars.reduce(randomBytes(64));
  return { secret, publicKey: engine.multiplyBase(secret) };
}

/** @param context ceremony, transcript so far, sender and receiver: a box opens in its own place only */
export function sealShare(engine: Engine, receiver: Uint8Array, context: Uint8Array, share: Uint8Array): Uint8Array {
  if (share.length !== SHARE_BYTES) throw new CryptoInputError('a share is 32 bytes');
  const ephemeral = drawBoxKey(engine);
  const shared = engine.multiply(ephemeral.secret, receiver);
  const { key, nonce } = keysOf(shared, ephemeral.publicKey, receiver, context);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context);
  const sealed = concat(ephemeral.publicKey, cipher.update(share), cipher.final(), cipher.getAuthTag());
  for (const secret of [ephemeral.secret, shared, key]) secret.fill(0);
  return sealed;
}

/** @returns null when the box does not open: sealed to another key, for another place, or changed */
export function openShareBox(engine: Engine, own: BoxKey, box: Uint8Array, context: Uint8Array): Uint8Array | null {
  try {
    return openWith(engine.multiply(own.secret, ephemeralOf(box)), box, own.publicKey, context);
  } catch {
    return null;
  }
}

/** Opens one box to everybody: the shared point, and the proof that it belongs to this receiver and this box. */
export interface Disclosure {
  readonly shared: Uint8Array;
  readonly proof: Uint8Array;
}

/** What lets everybody open one box that was sealed to `own`, and no other: the shared point with a proof that it belongs to the key. @throws CryptoInputError */
export function discloseBox(engine: Engine, own: BoxKey, box: Uint8Array): Disclosure {
  const ephemeral = ephemeralOf(box);
  const shared = engine.evaluate(own.secret, ephemeral);
  return { shared, proof: engine.prove(own.secret, own.publicKey, ephemeral, shared) };
}

export interface DisputedShare {
  readonly kind: CeremonyKind;
  /** The dealer's commitments. */
  readonly points: readonly Uint8Array[];
  readonly receiverIndex: number;
  readonly receiverKey: Uint8Array;
  readonly box: Uint8Array;
  readonly context: Uint8Array;
}

/**
 * Who is at fault when a receiver says that its share does not fit: decided by anybody, from signed messages and the disclosure alone.
 * A disclosure that does not prove, and a share that fits, put the accuser in the wrong.
 */
export function judgeDispute(engine: Engine, dispute: DisputedShare, { shared, proof }: Disclosure): 'dealer' | 'accuser' {
  try {
    if (!engine.verify(dispute.receiverKey, ephemeralOf(dispute.box), shared, proof)) return 'accuser';
  } catch {
    return 'accuser';
  }
  const share = openWith(shared, dispute.box, dispute.receiverKey, dispute.context);
  return share !== null && shareFits(engine, dispute.kind, dispute.points, dispute.receiverIndex, share) ? 'accuser' : 'dealer';
}

/** Length and ephemeral point: what everybody can check of a box that is not its own. @throws CryptoInputError, PointInvalidError */
export function checkBox(engine: Engine, box: Uint8Array): void {
  engine.checkElements(ephemeralOf(box));
}

function ephemeralOf(box: Uint8Array): Uint8Array {
  if (box.length !== BOX_BYTES) throw new CryptoInputError('a share box is 80 bytes');
  return box.subarray(0, 32);
}

function openWith(shared: Uint8Array, box: Uint8Array, receiver: Uint8Array, context: Uint8Array): Uint8Array | null {
  const { key, nonce } = keysOf(shared, ephemeralOf(box), receiver, context);
  const opener = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(context);
  opener.setAuthTag(box.subarray(BOX_BYTES - TAG_BYTES));
  try {
    return new Uint8Array(concat(opener.update(box.subarray(32, BOX_BYTES - TAG_BYTES)), opener.final()));
  } catch {
    return null;
  }
}

/** Fresh for every box, because the ephemeral point is: a derived nonce never meets its key twice. */
function keysOf(shared: Uint8Array, ephemeral: Uint8Array, receiver: Uint8Array, context: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const okm = new Uint8Array(hkdfSync('sha512', shared, concat(ephemeral, receiver), concat(INFO, lengthPrefixed(context)), 44));
  return { key: okm.subarray(0, 32), nonce: okm.subarray(32) };
}

/**
 * What a holder must not lose between two rounds, and nobody else may see: its polynomial and the key that its shares are sealed to. Drawn once, sealed
 * like a share, destroyed when the new share is safe.
 */
import {
  type BoxKey, commitmentCount, commitTo, drawBoxKey, drawCoefficients, fromBase64url, openSecret, provePossession, sealSecret, toBase64url,
} from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import type { CommitmentsBody } from '#protocol';
import { randomBytes } from 'node:crypto';
import { messageName } from './ceremony-files.js';
import { readShareFile } from './share-store.js';
import { dealerWeight, type Sitting } from './sitting.js';

const SEALED = 'tally-ceremony-secrets+1';
const FILE = 'secrets.json';

export interface CeremonySecrets {
  readonly box: BoxKey;
  /** Empty for one who does not deal. */
  readonly coefficients: readonly Uint8Array[];
  /** What the second round opens. */
  readonly opening: CommitmentsBody | null;
}

/** Draws them at the first call. @throws STATE_CONFLICT when they are gone although this holder has spoken */
export async function ceremonySecrets(sitting: Sitting): Promise<CeremonySecrets> {
  const { store, home, id } = sitting;
  if (!store.has(FILE)) {
    if (store.has(messageName('join', sitting.self.id))) throw new DomainError('STATE_CONFLICT', 'the secrets of this ceremony are gone', { reason: 'secrets' });
    store.writeOnce(FILE, await sealSecret(home.keySource(), { sealed: SEALED, about: { ceremony: id } }, await drawn(sitting)));
  }
  const { secret, about } = await openSecret(home.keySource(), store.read(FILE), SEALED);
  if (about['ceremony'] !== id) throw new DomainError('STATE_CONFLICT', 'secrets of another ceremony', { reason: 'secrets' });
  const { box, coefficients, opening } = secret as unknown as { box: string; coefficients: string[]; opening: CommitmentsBody | null };
  const boxSecret = fromBase64url(box);
  return { box: { secret: boxSecret, publicKey: sitting.engine.multiplyBase(boxSecret) }, coefficients: coefficients.map(fromBase64url), opening };
}

export function destroySecrets({ store }: Sitting): void {
  store.remove(FILE);
}

/** What a proof of possession is bound to. */
export function possessionContext({ id, plan }: Sitting, dealer: { readonly id: string; readonly index: number }): Uint8Array {
  return canonicalBytes({ ceremony: id, kind: plan.kind, dealer: dealer.id, index: dealer.index });
}

async function drawn(sitting: Sitting): Promise<Json> {
  const { engine, plan, self } = sitting;
  const box = toBase64url(drawBoxKey(engine).secret);
  if (!plan.dealers.includes(self.id)) return { box, coefficients: [], opening: null };
  const constant = plan.kind === 'reshare' ? engine.scalars.multiply(dealerWeight(sitting, self), await oldShare(sitting)) : undefined;
  const coefficients = drawCoefficients(engine, commitmentCount(plan.kind, plan.threshold), constant);
  const points = commitTo(engine, coefficients);
  const proof = provePossession(engine, coefficients[0] as Uint8Array, points[0] as Uint8Array, possessionContext(sitting, self));
  const opening = { salt: toBase64url(randomBytes(32)), points: points.map(toBase64url), proof: toBase64url(proof) };
  const secrets = { box, coefficients: coefficients.map(toBase64url), opening };
  [...coefficients, ...(constant === undefined ? [] : [constant])].forEach((scalar) => scalar.fill(0));
  return secrets;
}

/** The share of the base generation. @throws STATE_CONFLICT when this home does not hold it */
export async function oldShare({ home, plan, base }: Sitting): Promise<Uint8Array> {
  const file = await readShareFile(home, plan.epoch);
  const mine = file?.shares.find(({ generation }) => generation === base?.manifest.generation);
  if (mine === undefined) throw new DomainError('STATE_CONFLICT', 'this home does not hold the share of the base', { reason: 'share', epoch: plan.epoch });
  return fromBase64url(mine.secret);
}

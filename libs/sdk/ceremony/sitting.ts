/**
 * One holder at one ceremony: the plan it agreed to, the keys it has pinned, the manifest that is refreshed or reshared. Everything in the exchange
 * folder is somebody else's until it is verified here.
 */
import {
  type Engine, fromBase64url, lagrangeAtZero, manifestHash, partialPublicKey, keyIdOf, toBase64url, type PinnedKey, verifyGeneralJws, verifyManifest, sha256,
} from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { CEREMONY_PLAN_TYP, type CeremonyHolder, type CeremonyPlan, groupKeyOf, type Manifest, parseCeremonyPlan, parseManifest } from '#protocol';
import { BASE_FILE, CeremonyStore, PLAN_FILE, readPublicJson } from './ceremony-files.js';
import type { HolderHome } from './holder-home.js';

export interface Sitting {
  readonly home: HolderHome;
  /** The exchange folder. */
  readonly folder: string;
  readonly engine: Engine;
  readonly plan: CeremonyPlan;
  /** SHA-256 of the plan, base64url. */
  readonly id: string;
  readonly store: CeremonyStore;
  readonly base: BaseManifest | null;
  /** Everybody who takes part, in the order of their indices. */
  readonly people: readonly CeremonyHolder[];
  readonly self: CeremonyHolder;
  readonly pins: ReadonlyMap<string, PinnedKey>;
}

export interface BaseManifest {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly jws: unknown;
}

/**
 * Reads and verifies the plan in the exchange folder.
 * @throws KEY_NOT_TRUSTED when somebody named in it is not pinned with that key; SIGNATURE_INVALID; BAD_INPUT; MANIFEST_INVALID; STATE_CONFLICT
 */
export function sitDown(home: HolderHome, folder: string, engine: Engine): Sitting {
  const jws = readPublicJson(`${folder}/${PLAN_FILE}`);
  const plan = parseCeremonyPlan(payloadOf(jws));
  const id = toBase64url(sha256(canonicalBytes(plan as unknown as Json)));
  if (plan.federation !== home.settings.federation) throw new DomainError('BAD_INPUT', 'ceremony of another federation', { reason: 'federation' });
  const people = [...plan.holders, ...plan.leaving].sort((a, b) => a.index - b.index);
  const self = people.find((one) => one.id === home.settings.id);
  if (self === undefined) throw new DomainError('BAD_INPUT', 'the plan does not name this holder', { reason: 'holders' });
  const pins = new Map(people.map((one) => [one.id, pinOf(home, one)]));
  verifyGeneralJws(jws, { typ: CEREMONY_PLAN_TYP, pins: [pins.get(plan.openedBy) as PinnedKey], threshold: 1 });
  const base = plan.base === null ? null : readBase(home, folder, plan, engine);
  const store = new CeremonyStore(home.file('ceremonies', Buffer.from(fromBase64url(id)).toString('hex').slice(0, 32)));
  return { home, folder, engine, plan, id, store, base, people, self, pins };
}

/** Pinned, and with the key that the plan names: the opener cannot choose whose key stands for whom. */
function pinOf(home: HolderHome, { id, kid }: CeremonyHolder): PinnedKey {
  const pin = home.pinsOf(id).find(({ jwk }) => keyIdOf(jwk) === kid);
  if (pin === undefined) throw new DomainError('KEY_NOT_TRUSTED', 'a holder of the plan is not pinned with this key', { subject: `holder:${id}`, use: 'evidence' });
  return pin;
}

function readBase(home: HolderHome, folder: string, plan: CeremonyPlan, engine: Engine): BaseManifest {
  const jws = readPublicJson(`${folder}/${BASE_FILE}`);
  const claimed = parseManifest(payloadOf(jws));
  const holders = claimed.holders.flatMap(({ id }) => home.pinsOf(id));
  const { manifest, hash } = verifyManifest({ jws, pins: { threshold: claimed.threshold, holders }, engine, now: null, parse: parseManifest, groupKeyOf });
  if (toBase64url(hash) !== plan.base) throw new DomainError('DIGEST_MISMATCH', 'another base manifest than the plan says', { reason: 'base' });
  checkPlanOnBase(plan, manifest);
  return { manifest, hash: plan.base, jws };
}

/** Holders keep their index for the life of a key; a new one takes an index that nobody had: a share is never mistaken for another's. */
function checkPlanOnBase(plan: CeremonyPlan, base: Manifest): void {
  const refuse = (field: string): never => { throw new DomainError('BAD_INPUT', 'the plan does not follow from its base', { document: 'ceremony', field }); };
  const old = new Map(base.holders.map((holder) => [holder.id, holder.index]));
  const usedIndices = new Set(old.values());
  if (base.federation !== plan.federation || base.epoch !== plan.epoch) refuse('epoch');
  if (plan.generation !== base.generation + 1) refuse('generation');
  for (const { id, index } of [...plan.holders, ...plan.leaving]) if (old.has(id) ? old.get(id) !== index : usedIndices.has(index)) refuse('index');
  if (!plan.dealers.every((id) => old.has(id))) refuse('dealers');
  if (plan.kind === 'refresh' && (plan.threshold !== base.threshold || plan.dealers.length !== base.holders.length)) refuse('refresh');
  if (plan.kind === 'reshare' && plan.dealers.length !== base.threshold) refuse('dealers');
}

/** Dealers with their indices, in order. */
export function dealersOf({ plan, people }: Sitting): CeremonyHolder[] {
  return people.filter(({ id }) => plan.dealers.includes(id));
}

/** What a dealer multiplies its old share with when resharing: its Lagrange coefficient among the dealers. */
export function dealerWeight(sitting: Sitting, dealer: CeremonyHolder): Uint8Array {
  return lagrangeAtZero(dealer.index, dealersOf(sitting).map(({ index }) => index));
}

/** What its constant must be committed as: lambda_i * K_i of the base; null where there is no old share in it. */
export function dealerConstant(sitting: Sitting, dealer: CeremonyHolder): Uint8Array | null {
  if (sitting.plan.kind !== 'reshare' || sitting.base === null) return null;
  const key = sitting.base.manifest.holders.find(({ index }) => index === dealer.index);
  if (key === undefined) throw new DomainError('BAD_INPUT', 'dealer without an old share', { field: 'dealers' });
  return partialPublicKey(sitting.engine, fromBase64url(key.publicKey), dealer.index, dealersOf(sitting).map(({ index }) => index));
}

/** The payload before any check: only to find out whom it names. */
export function payloadOf(jws: unknown): Json {
  try {
    const { payload } = jws as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Json;
  } catch {
    throw new DomainError('BAD_INPUT', 'not a signed document', { document: 'ceremony', field: 'payload' });
  }
}

export function hashOfManifest(manifest: Manifest): string {
  return toBase64url(manifestHash(canonicalBytes(manifest as unknown as Json)));
}

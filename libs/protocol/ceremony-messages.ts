/**
 * What the holders of a federation exchange in a key ceremony (docs/protocol/ceremonies.md): a plan that each of them agrees to, four rounds of
 * messages, and a complaint where a share does not fit. Each is the payload of a JWS by the sender's pinned evidence key.
 */
import type { Json } from '#kernel';
import { OPRF_HOLDERS_MAX } from './oprf-wire.js';
import { isPoint, reader, refuseUnless } from './strict-reader.js';

export const CEREMONY_PLAN_TYP = 'tally-ceremony-plan+1';
export const CEREMONY_MESSAGE_TYP = 'tally-ceremony+1';
export const CEREMONY_ROUNDS = ['join', 'commitments', 'shares', 'confirm'] as const;
export type CeremonyRound = (typeof CEREMONY_ROUNDS)[number];
export const CEREMONY_KINDS = ['generate', 'refresh', 'reshare'] as const;

export interface CeremonyHolder {
  readonly index: number;
  readonly id: string;
  /** Thumbprint of its evidence key. */
  readonly kid: string;
}

export interface CeremonyPlan {
  readonly v: 1;
  readonly kind: (typeof CEREMONY_KINDS)[number];
  readonly federation: string;
  readonly suite: 'ristretto255-SHA512';
  readonly epoch: number;
  /** Of the manifest that comes out: 0 when generated, else one more than the base. */
  readonly generation: number;
  readonly threshold: number;
  /** Who holds a share afterwards. */
  readonly holders: readonly CeremonyHolder[];
  /** Who deals: everybody when generating or refreshing, exactly the base's threshold of old holders when resharing. */
  readonly dealers: readonly string[];
  /** Dealers who hold no share afterwards. */
  readonly leaving: readonly CeremonyHolder[];
  /** SHA-256 of the manifest that is refreshed or reshared, base64url. */
  readonly base: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly validFrom: string;
  readonly validUntil: string;
  /** 32 random bytes: no two ceremonies are alike. */
  readonly nonce: string;
}

export interface JoinBody {
  /** Of this ceremony only: shares are sealed to it. */
  readonly boxKey: string;
  /** SHA-256 over what the next round opens; null for one who does not deal. */
  readonly commitment: string | null;
}
export interface CommitmentsBody {
  readonly salt: string;
  readonly points: readonly string[];
  /** 64 bytes. */
  readonly proof: string;
}
export interface SharesBody {
  readonly boxes: readonly { readonly to: string; readonly box: string }[];
}
export interface ConfirmBody {
  /** SHA-256 of the manifest that follows from the transcript. */
  readonly manifest: string;
}
export interface ComplaintBody {
  /** The dealer whose share does not fit. */
  readonly against: string;
  readonly shared: string;
  readonly proof: string;
}

export interface BodyOf {
  readonly join: JoinBody;
  /** Null for one who does not deal. */
  readonly commitments: CommitmentsBody | null;
  readonly shares: SharesBody | null;
  readonly confirm: ConfirmBody;
  readonly complaint: ComplaintBody;
}

export interface CeremonyMessage<R extends keyof BodyOf = keyof BodyOf> {
  readonly v: 1;
  /** SHA-256 of the plan's canonical form, base64url. */
  readonly ceremony: string;
  readonly round: R;
  readonly sender: string;
  /** Hash of everything before this round as the sender saw it. */
  readonly transcript: string;
  readonly body: BodyOf[R];
}

const POSSESSION_TEXT = 86;
const BOX_TEXT = 107;
const LEAST_HOLDERS = 2;

/** @throws DomainError BAD_INPUT */
export function parseCeremonyPlan(json: Json): CeremonyPlan {
  const at = reader('ceremony', json, [
    'v', 'kind', 'federation', 'suite', 'epoch', 'generation', 'threshold', 'holders', 'dealers', 'leaving', 'base', 'openedBy', 'openedAt', 'validFrom', 'validUntil', 'nonce',
  ]);
  at.one('v', [1]);
  at.one('kind', CEREMONY_KINDS);
  at.one('suite', ['ristretto255-SHA512']);
  for (const name of ['federation', 'openedBy']) at.text(name);
  at.integer('epoch', 0, 0xffffffff);
  at.integer('generation', 0, 0xffffffff);
  at.integer('threshold', LEAST_HOLDERS, OPRF_HOLDERS_MAX);
  at.list('holders', LEAST_HOLDERS, OPRF_HOLDERS_MAX).forEach(checkHolder);
  at.list('leaving', 0, OPRF_HOLDERS_MAX).forEach(checkHolder);
  at.list('dealers', LEAST_HOLDERS, OPRF_HOLDERS_MAX).forEach((id) => check(typeof id === 'string', 'dealers'));
  check(at.value('base') === null || isPoint(at.value('base')), 'base');
  at.point('nonce');
  at.instant('openedAt');
  at.instants();
  const plan = json as unknown as CeremonyPlan;
  checkPlanAddsUp(plan);
  return plan;
}

function checkHolder(json: Json): void {
  const at = reader('ceremony', json, ['index', 'id', 'kid']);
  at.integer('index', 1, OPRF_HOLDERS_MAX);
  check(/^[A-Za-z0-9_-]{1,64}$/.test(at.text('id')), 'id');
  at.point('kid');
}

function checkPlanAddsUp(plan: CeremonyPlan): void {
  const people = [...plan.holders, ...plan.leaving];
  const distinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
  const ids = people.map(({ id }) => id);
  check(distinct(ids) && distinct(people.map(({ kid }) => kid)), 'holders');
  check(distinct(people.map(({ index }) => index)), 'index');
  check(plan.threshold <= plan.holders.length, 'threshold');
  check(distinct(plan.dealers) && plan.dealers.every((id) => ids.includes(id)) && ids.includes(plan.openedBy), 'dealers');
  check(plan.leaving.every(({ id }) => plan.dealers.includes(id)), 'leaving');
  check(Date.parse(plan.validFrom) < Date.parse(plan.validUntil), 'validUntil');
  const everybodyDeals = plan.dealers.length === people.length;
  if (plan.kind === 'generate') check(plan.base === null && plan.generation === 0 && everybodyDeals && plan.leaving.length === 0, 'generate');
  else check(plan.base !== null && plan.generation > 0, plan.kind);
  if (plan.kind === 'refresh') check(everybodyDeals && plan.leaving.length === 0, 'refresh');
}

/** @throws DomainError BAD_INPUT */
export function parseCeremonyMessage(json: Json): CeremonyMessage {
  const at = reader('ceremony', json, ['v', 'ceremony', 'round', 'sender', 'transcript', 'body']);
  at.one('v', [1]);
  at.one('round', [...CEREMONY_ROUNDS, 'complaint']);
  at.point('ceremony');
  at.point('transcript');
  at.text('sender');
  const message = json as unknown as CeremonyMessage;
  const body = at.value('body');
  if (body === null) check(message.round === 'commitments' || message.round === 'shares', 'body');
  else BODIES[message.round](body as Json);
  return message;
}

const BODIES: Readonly<Record<keyof BodyOf, (json: Json) => void>> = {
  join: (json) => {
    const at = reader('ceremony', json, ['boxKey', 'commitment']);
    at.point('boxKey');
    check(at.value('commitment') === null || isPoint(at.value('commitment')), 'commitment');
  },
  commitments: (json) => {
    const at = reader('ceremony', json, ['salt', 'points', 'proof']);
    at.point('salt');
    at.list('points', 1, OPRF_HOLDERS_MAX).forEach((point) => check(isPoint(point), 'points'));
    check(isBase64url(at.value('proof'), POSSESSION_TEXT), 'proof');
  },
  shares: (json) => {
    const at = reader('ceremony', json, ['boxes']);
    at.list('boxes', LEAST_HOLDERS - 1, OPRF_HOLDERS_MAX).forEach((entry) => {
      const of = reader('ceremony', entry, ['to', 'box']);
      of.text('to');
      check(isBase64url(of.value('box'), BOX_TEXT), 'box');
    });
  },
  confirm: (json) => reader('ceremony', json, ['manifest']).point('manifest'),
  complaint: (json) => {
    const at = reader('ceremony', json, ['against', 'shared', 'proof']);
    at.text('against');
    at.point('shared');
    check(isBase64url(at.value('proof'), POSSESSION_TEXT), 'proof');
  },
};

function isBase64url(value: Json | undefined, length: number): boolean {
  return typeof value === 'string' && value.length === length && Buffer.from(value, 'base64url').toString('base64url') === value;
}

function check(ok: boolean, field: string): void {
  refuseUnless(ok, 'ceremony', field);
}

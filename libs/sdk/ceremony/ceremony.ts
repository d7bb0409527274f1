/**
 * A holder's steps through a ceremony. Each may be repeated at any time: what was said is said again, what is missing is waited for, what does not
 * hold stops the ceremony. No share is used and no manifest signed before every holder has confirmed the same transcript and the same manifest.
 */
import { existsSync } from 'node:fs';
import { type Engine, type GroupKeyFacts, groupKeyFrom, newShare, toBase64url } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { CEREMONY_ROUNDS, type CeremonyPlan, type CeremonyRound, groupKeyOf, type Manifest, parseManifest } from '#protocol';
import { BASE_FILE, PLAN_FILE, readPublicJson } from './ceremony-files.js';
import { ceremonySecrets, type CeremonySecrets, destroySecrets, oldShare } from './ceremony-secrets.js';
import type { HolderHome } from './holder-home.js';
import {
  checkBoxes, checkConfirmations, checkJoins, checkOpenings, complain, joinBody, judge, pointsOf, receivedShares, sharesBody,
} from './rounds.js';
import { epochFile } from './share-store.js';
import { dealersOf, hashOfManifest, payloadOf, sitDown, type Sitting } from './sitting.js';
import { Transcript } from './transcript.js';

/** What the operator of a holder says the ceremony is about, from the agreement of the holders and not from the plan. */
export interface Expectation {
  readonly kind: CeremonyPlan['kind'];
  readonly epoch: number;
  readonly threshold: number;
  /** Ids of those who shall hold a share afterwards. A number would not do: somebody who was a holder once is still pinned. */
  readonly holders: readonly string[];
}

export interface CeremonyState {
  readonly ceremony: string;
  readonly plan: CeremonyPlan;
  /** The round whose messages are being collected; `confirmed` when all four are complete and agree. */
  readonly round: CeremonyRound | 'confirmed';
  readonly waitingFor: readonly string[];
}

/** @throws BAD_INPUT when the plan is not what was agreed; ALREADY_EXISTS, STATE_CONFLICT when this home's key does not fit it */
export async function joinCeremony(home: HolderHome, folder: string, engine: Engine, expected: Expectation): Promise<CeremonyState> {
  const sitting = sitDown(home, folder, engine);
  const { plan } = sitting;
  const together = (ids: readonly string[]): string => [...ids].sort().join();
  const agreed = { kind: plan.kind, epoch: plan.epoch, threshold: plan.threshold, holders: together(plan.holders.map(({ id }) => id)) };
  const wanted = { ...expected, holders: together(expected.holders) };
  for (const name of ['kind', 'epoch', 'threshold', 'holders'] as const) {
    if (agreed[name] !== wanted[name]) throw new DomainError('BAD_INPUT', 'the plan is not what was agreed', { reason: name, plan: agreed[name], expected: wanted[name] });
  }
  checkOwnKey(sitting);
  sitting.store.writeOnce(PLAN_FILE, readPublicJson(`${folder}/${PLAN_FILE}`));
  if (sitting.base !== null) sitting.store.writeOnce(BASE_FILE, sitting.base.jws);
  return advance(sitting);
}

/** Takes up what the others said and says what is next, as far as it goes. @throws as docs/protocol/ceremonies.md says of each check */
export async function advanceCeremony(home: HolderHome, folder: string, engine: Engine): Promise<CeremonyState> {
  return advance(joined(home, folder, engine));
}

/** Where it stands, without a word; before joining, what the plan says. */
export function ceremonyState(home: HolderHome, folder: string, engine: Engine): CeremonyState {
  const sitting = sitDown(home, folder, engine);
  if (!sitting.store.has(PLAN_FILE)) return { ceremony: sitting.id, plan: sitting.plan, round: 'join', waitingFor: [sitting.self.id] };
  return stateOf(sitting, heard(sitting));
}

/** Ends it for this holder: its secrets are destroyed; what was said is kept. */
export function abandonCeremony(home: HolderHome, folder: string, engine: Engine): CeremonyState {
  const sitting = joined(home, folder, engine);
  destroySecrets(sitting);
  sitting.store.writeOnce('abandoned.json', { abandoned: true });
  return { ceremony: sitting.id, plan: sitting.plan, round: 'join', waitingFor: [] };
}

/** The seat of a holder that has joined. @throws STATE_CONFLICT before joining and after abandoning */
export function joined(home: HolderHome, folder: string, engine: Engine): Sitting {
  const sitting = sitDown(home, folder, engine);
  if (!sitting.store.has(PLAN_FILE)) throw new DomainError('STATE_CONFLICT', 'this holder has not joined', { reason: 'join first' });
  if (sitting.store.has('abandoned.json')) throw new DomainError('STATE_CONFLICT', 'this holder has left the ceremony', { reason: 'abandoned' });
  return sitting;
}

/** A generation needs an epoch without a key, the others the very manifest this home uses. */
function checkOwnKey({ home, plan, self }: Sitting): void {
  const file = epochFile(home, plan.epoch, 'manifest.json');
  const own = existsSync(file) ? hashOfManifest(parseManifest(payloadOf(readPublicJson(file)))) : null;
  if (plan.kind === 'generate') {
    if (own !== null || existsSync(epochFile(home, plan.epoch, 'share.json'))) throw new DomainError('ALREADY_EXISTS', 'this home holds a key of that epoch', { epoch: plan.epoch });
    return;
  }
  // One who only receives may come with nothing: a new holder, or one that lost its share.
  if (own === null ? plan.dealers.includes(self.id) : own !== plan.base) throw new DomainError('STATE_CONFLICT', 'the plan does not start from this home\'s manifest', { reason: 'base', epoch: plan.epoch });
}

function heard(sitting: Sitting): Transcript {
  const transcript = new Transcript(sitting);
  transcript.collect();
  return transcript;
}

async function advance(sitting: Sitting): Promise<CeremonyState> {
  const transcript = heard(sitting);
  const { id } = sitting.self;
  stopOnComplaint(sitting, transcript);
  const open = CEREMONY_ROUNDS.some((round) => !transcript.has(round, id));
  const secrets = open ? await ceremonySecrets(sitting) : null;
  for (const round of CEREMONY_ROUNDS) {
    if (transcript.has(round, id)) transcript.repeat(round);
    else await speak(sitting, transcript, secrets!, round);
    if (transcript.missing(round).length > 0) return stateOf(sitting, transcript);
    check(sitting, transcript, round);
  }
  return stateOf(sitting, transcript);
}

async function speak(sitting: Sitting, transcript: Transcript, secrets: CeremonySecrets, round: CeremonyRound): Promise<void> {
  if (round === 'join') transcript.say('join', joinBody(sitting, secrets));
  else if (round === 'commitments') transcript.say('commitments', secrets.opening);
  else if (round === 'shares') transcript.say('shares', sharesBody(sitting, transcript, secrets));
  else {
    await shareOf(sitting, transcript, secrets);
    transcript.say('confirm', { manifest: hashOfManifest(manifestOf(sitting, transcript)) });
  }
}

function check(sitting: Sitting, transcript: Transcript, round: CeremonyRound): void {
  if (round === 'join') checkJoins(sitting, transcript);
  else if (round === 'commitments') checkOpenings(sitting, transcript);
  else if (round === 'shares') checkBoxes(sitting, transcript);
  else checkConfirmations(sitting, transcript, hashOfManifest(manifestOf(sitting, transcript)));
  transcript.hashBefore(round === 'confirm' ? 'end' : CEREMONY_ROUNDS[CEREMONY_ROUNDS.indexOf(round) + 1]!);
}

/** Who has confirmed has said that every share fits: a complaint of it afterwards would leave some with new shares and others without. */
function stopOnComplaint(sitting: Sitting, transcript: Transcript): void {
  const complaint = transcript.complaints().find(({ sender }) => !transcript.has('confirm', sender));
  if (complaint === undefined) return;
  transcript.repeat('complaint');
  throw new DomainError('STATE_CONFLICT', 'the ceremony was stopped by a complaint', { reason: 'complaint', by: complaint.sender, against: complaint.body.against, fault: judge(sitting, transcript, complaint) });
}

/** The new share of this holder, checked against the new K_j; null for one who leaves. @throws PROOF_INVALID after complaining of a dealer */
export async function shareOf(sitting: Sitting, transcript: Transcript, secrets: CeremonySecrets): Promise<Uint8Array | null> {
  const { plan, self, engine } = sitting;
  const mine = groupKeyOfCeremony(sitting, transcript).holders.find(({ index }) => plan.holders.some(({ id }) => id === self.id) && index === self.index);
  if (mine === undefined) return null;
  const { shares, bad } = receivedShares(sitting, transcript, secrets);
  if (bad !== null) {
    complain(sitting, transcript, secrets, bad);
    throw new DomainError('PROOF_INVALID', 'a share does not fit its dealer\'s commitments', { holder: bad, reason: 'share' });
  }
  const old = plan.kind === 'refresh' ? await oldShare(sitting) : null;
  return newShare(engine, shares, old, mine.publicKey);
}

/** Commitments never change once they are heard. */
const DERIVED = new WeakMap<Transcript, GroupKeyFacts>();

function groupKeyOfCeremony(sitting: Sitting, transcript: Transcript): GroupKeyFacts {
  const { engine, plan, base } = sitting;
  const known = DERIVED.get(transcript);
  if (known !== undefined) return known;
  const facts = groupKeyFrom(engine, {
    kind: plan.kind, threshold: plan.threshold, receivers: plan.holders.map(({ index }) => index), dealings: dealersOf(sitting).map(({ id }) => pointsOf(transcript, id)),
    base: base === null ? null : groupKeyOf(base.manifest),
  });
  DERIVED.set(transcript, facts);
  return facts;
}

/** Follows from the plan and the commitments alone. A key that a dealer has seen stays one that a dealer has seen. */
export function manifestOf(sitting: Sitting, transcript: Transcript): Manifest {
  const { plan, base } = sitting;
  const { commitments, publicKey, holders } = groupKeyOfCeremony(sitting, transcript);
  const ids = new Map(plan.holders.map(({ index, id }) => [index, id]));
  return parseManifest({
    v: 1, federation: plan.federation, suite: plan.suite, epoch: plan.epoch, generation: plan.generation, threshold: plan.threshold,
    holders: holders.map(({ index, publicKey: key }) => ({ index, id: ids.get(index) as string, publicKey: toBase64url(key) })),
    publicKey: toBase64url(publicKey), commitments: commitments.map(toBase64url), origin: base?.manifest.origin ?? 'dkg', validFrom: plan.validFrom, validUntil: plan.validUntil,
  } as unknown as Json);
}

function stateOf(sitting: Sitting, transcript: Transcript): CeremonyState {
  const round = CEREMONY_ROUNDS.find((one) => transcript.missing(one).length > 0) ?? 'confirmed';
  return { ceremony: sitting.id, plan: sitting.plan, round, waitingFor: round === 'confirmed' ? [] : transcript.missing(round) };
}

/** Everything that was said, complete and agreed. @throws STATE_CONFLICT, DIGEST_MISMATCH, PROOF_INVALID */
export function confirmedTranscript(sitting: Sitting): Transcript {
  const transcript = heard(sitting);
  stopOnComplaint(sitting, transcript);
  for (const round of CEREMONY_ROUNDS) {
    const missing = transcript.missing(round);
    if (missing.length > 0) throw new DomainError('STATE_CONFLICT', 'not everybody has confirmed', { round, waitingFor: missing });
    check(sitting, transcript, round);
  }
  return transcript;
}


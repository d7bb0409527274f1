/** What a holder says in each round, and what must hold of the others' messages before it says more (docs/protocol/ceremonies.md, checks). */
import {
  checkBox, checkCommitments, discloseBox, fromBase64url, judgeDispute, openShareBox, sameBytes, sealShare, shareAt, shareFits, toBase64url, verifyPossession, sha256,
} from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import type { CeremonyHolder, CeremonyMessage, CommitmentsBody, JoinBody, SharesBody } from '#protocol';
import { type CeremonySecrets, possessionContext } from './ceremony-secrets.js';
import { dealerConstant, dealersOf, type Sitting } from './sitting.js';
import type { Transcript } from './transcript.js';

/** Binds a dealer to what it will say before it hears what the others say. */
export function commitmentTo(sitting: Sitting, dealer: string, opening: CommitmentsBody): string {
  return toBase64url(sha256(canonicalBytes({ ceremony: sitting.id, dealer, opening: opening as unknown as Json })));
}

export function joinBody(sitting: Sitting, { box, opening }: CeremonySecrets): JoinBody {
  return { boxKey: toBase64url(box.publicKey), commitment: opening === null ? null : commitmentTo(sitting, sitting.self.id, opening) };
}

/** @throws PROOF_INVALID naming the holder */
export function checkJoins(sitting: Sitting, transcript: Transcript): void {
  for (const { id } of sitting.people) {
    const { boxKey, commitment } = transcript.body('join', id)!;
    refuseUnless((commitment !== null) === sitting.plan.dealers.includes(id), id, 'commitment');
    blame(id, 'box key', () => sitting.engine.checkElements(fromBase64url(boxKey)));
  }
}

/** Opened as committed, the proof of possession, and commitments that shares can fit. @throws PROOF_INVALID naming the dealer */
export function checkOpenings(sitting: Sitting, transcript: Transcript): void {
  const { engine, plan } = sitting;
  const receivers = plan.holders.map(({ index }) => index);
  for (const { id, index } of sitting.people) {
    const opening = transcript.body('commitments', id)!;
    refuseUnless((opening !== null) === plan.dealers.includes(id), id, 'commitments');
    if (opening === null) continue;
    refuseUnless(commitmentTo(sitting, id, opening) === transcript.body('join', id)!.commitment, id, 'commitments changed after they were committed to');
    const points = opening.points.map(fromBase64url);
    blame(id, 'commitments', () => checkCommitments(engine, plan.kind, points, { dealer: index, threshold: plan.threshold, receivers, constant: dealerConstant(sitting, { id, index, kid: '' }) }));
    refuseUnless(verifyPossession(engine, points[0]!, possessionContext(sitting, { id, index }), fromBase64url(opening.proof)), id, 'proof of possession');
  }
}

export function pointsOf(transcript: Transcript, dealer: string): Uint8Array[] {
  return transcript.body('commitments', dealer)!.points.map(fromBase64url);
}

function boxContext(sitting: Sitting, transcript: Transcript, from: string, to: string): Uint8Array {
  return canonicalBytes({ ceremony: sitting.id, transcript: transcript.hashBefore('shares'), from, to });
}

function receiversFrom({ plan }: Sitting, dealer: string): CeremonyHolder[] {
  return plan.holders.filter(({ id }) => id !== dealer);
}

export function sharesBody(sitting: Sitting, transcript: Transcript, { coefficients }: CeremonySecrets): SharesBody | null {
  const { engine, plan, self } = sitting;
  if (coefficients.length === 0) return null;
  return {
    boxes: receiversFrom(sitting, self.id).map(({ id, index }) => {
      const share = shareAt(engine, plan.kind, coefficients, index);
      const box = sealShare(engine, fromBase64url(transcript.body('join', id)!.boxKey), boxContext(sitting, transcript, self.id, id), share);
      share.fill(0);
      return { to: id, box: toBase64url(box) };
    }),
  };
}

/** A box for everybody who is to receive one, as far as all can see. @throws PROOF_INVALID naming the dealer */
export function checkBoxes(sitting: Sitting, transcript: Transcript): void {
  for (const { id } of sitting.people) {
    const body = transcript.body('shares', id)!;
    const expected = sitting.plan.dealers.includes(id) ? receiversFrom(sitting, id).map((one) => one.id) : null;
    refuseUnless((body?.boxes.map(({ to }) => to).join() ?? null) === (expected?.join() ?? null), id, 'boxes');
    for (const { box } of body?.boxes ?? []) blame(id, 'box', () => checkBox(sitting.engine, fromBase64url(box)));
  }
}

/** The shares dealt to this holder, its own included; `bad` names the first dealer whose share does not fit its commitments. */
export function receivedShares(sitting: Sitting, transcript: Transcript, secrets: CeremonySecrets): { readonly shares: Uint8Array[]; readonly bad: string | null } {
  const { engine, plan, self } = sitting;
  const shares: Uint8Array[] = [];
  for (const { id } of dealersOf(sitting)) {
    const share = id === self.id
      ? shareAt(engine, plan.kind, secrets.coefficients, self.index)
      : openShareBox(engine, secrets.box, boxOf(transcript, id, self.id), boxContext(sitting, transcript, id, self.id));
    if (share === null || !shareFits(engine, plan.kind, pointsOf(transcript, id), self.index, share)) return { shares: [], bad: id };
    shares.push(share);
  }
  return { shares, bad: null };
}

/** Names the dealer and opens its one box to everybody. */
export function complain(sitting: Sitting, transcript: Transcript, secrets: CeremonySecrets, dealer: string): void {
  const { shared, proof } = discloseBox(sitting.engine, secrets.box, boxOf(transcript, dealer, sitting.self.id));
  transcript.say('complaint', { against: dealer, shared: toBase64url(shared), proof: toBase64url(proof) });
}

/** Who is at fault in a complaint: the dealer if its share does not fit, else the accuser. @throws STATE_CONFLICT, DIGEST_MISMATCH while it cannot be judged */
export function judge(sitting: Sitting, transcript: Transcript, { sender, transcript: seen, body }: CeremonyMessage<'complaint'>): string {
  if (seen !== transcript.hashBefore('confirm')) throw new DomainError('DIGEST_MISMATCH', 'the complaint is about another transcript', { reason: 'transcript', holders: [sender] });
  const receiver = sitting.plan.holders.find(({ id }) => id === sender);
  if (receiver === undefined || body.against === sender || !sitting.plan.dealers.includes(body.against)) return sender;
  const dispute = {
    kind: sitting.plan.kind, points: pointsOf(transcript, body.against), receiverIndex: receiver.index, receiverKey: fromBase64url(transcript.body('join', sender)!.boxKey),
    box: boxOf(transcript, body.against, sender), context: boxContext(sitting, transcript, body.against, sender),
  };
  const verdict = judgeDispute(sitting.engine, dispute, { shared: fromBase64url(body.shared), proof: fromBase64url(body.proof) });
  return verdict === 'dealer' ? body.against : sender;
}

/** Everybody derived the same manifest. @throws DIGEST_MISMATCH naming who did not */
export function checkConfirmations(sitting: Sitting, transcript: Transcript, manifest: string): void {
  const others = sitting.people.map(({ id }) => id).filter((id) => !sameText(transcript.body('confirm', id)!.manifest, manifest));
  if (others.length > 0) throw new DomainError('DIGEST_MISMATCH', 'holders derive different manifests', { reason: 'manifest', holders: others });
}

function boxOf(transcript: Transcript, from: string, to: string): Uint8Array {
  return fromBase64url(transcript.body('shares', from)!.boxes.find((entry) => entry.to === to)!.box);
}

function sameText(a: string, b: string): boolean {
  return sameBytes(new TextEncoder().encode(a), new TextEncoder().encode(b));
}

function blame(holder: string, what: string, check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new DomainError('PROOF_INVALID', `a holder's message does not hold: ${what}`, { holder, reason: what }, { cause });
  }
}

function refuseUnless(ok: boolean, holder: string, what: string): void {
  if (!ok) blame(holder, what, () => { throw new DomainError('PROOF_INVALID', what); });
}

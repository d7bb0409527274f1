/**
 * What a ceremony ends in: the polynomial of the group, each receiver's K_j, and one's own new share. All public facts follow from the
 * commitments alone, so every holder, and everybody who keeps a transcript, computes the same manifest.
 */
import { sameBytes } from '../bytes.js';
import { ManifestInvalidError } from '../crypto.errors.js';
import type { Engine } from '../voprf/engine.js';
import { checkGroupKey, commitmentAt, type GroupKeyFacts, sumPoints } from '../voprf/shamir.js';
import type { CeremonyKind } from './dealing.js';

export interface DealtTogether {
  readonly kind: CeremonyKind;
  readonly threshold: number;
  readonly receivers: readonly number[];
  /** Each dealer's commitments, checked. */
  readonly dealings: readonly (readonly Uint8Array[])[];
  /** The group key before; null when it is generated. */
  readonly base: GroupKeyFacts | null;
}

/**
 * C_k = sum over dealers of A_ik; in a refresh added to the old C_k from k = 1 on, C_0 staying the group key.
 * @throws ManifestInvalidError when the group key would change, or the sum cancels out
 */
export function groupKeyFrom(engine: Engine, dealt: DealtTogether): GroupKeyFacts {
  const commitments = commitmentsOf(engine, dealt);
  const publicKey = commitments[0] as Uint8Array;
  if (dealt.base !== null && !sameBytes(publicKey, dealt.base.publicKey)) throw new ManifestInvalidError('the group key would change');
  const holders = dealt.receivers.map((index) => ({ index, publicKey: guarded(() => commitmentAt(engine, commitments, index)) }));
  const facts = { threshold: dealt.threshold, publicKey, commitments, holders };
  checkGroupKey(engine, facts);
  return facts;
}

function commitmentsOf(engine: Engine, { kind, dealings, base }: DealtTogether): Uint8Array[] {
  const [first = []] = dealings;
  const sums = first.map((_, k) => guarded(() => sumPoints(engine, dealings.map((points) => points[k] as Uint8Array))));
  if (kind !== 'refresh') return sums;
  if (base === null || base.commitments.length !== sums.length + 1) throw new ManifestInvalidError('a refresh keeps the threshold');
  const [constant, ...higher] = base.commitments as [Uint8Array, ...Uint8Array[]];
  return [constant, ...higher.map((old, k) => guarded(() => engine.addEach(old, sums[k] as Uint8Array)))];
}

/** k_j: the sum of what was received, on top of the old share in a refresh. @throws ManifestInvalidError unless k_j * G = K_j */
export function newShare(engine: Engine, received: readonly Uint8Array[], old: Uint8Array | null, expected: Uint8Array): Uint8Array {
  const parts = old === null ? received : [old, ...received];
  const share = parts.reduce((a, b) => engine.scalars.add(a, b));
  if (!sameBytes(guarded(() => engine.multiplyBase(share)), expected)) throw new ManifestInvalidError('the new share does not fit the group key');
  return share;
}

function guarded(work: () => Uint8Array): Uint8Array {
  try {
    return work();
  } catch {
    throw new ManifestInvalidError('the sum cancels out');
  }
}

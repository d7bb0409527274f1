/** Key ceremonies and shares at rest: what stands between a federation and a holder that cheats, and between a share and whoever finds its file. */
import type { Mutant, TestRun } from '../mutant.model.js';

const ROUNDS = 'libs/sdk/ceremony/rounds.ts';
const TRANSCRIPT = 'libs/sdk/ceremony/transcript.ts';
const CEREMONY = 'libs/sdk/ceremony/ceremony.ts';
const FINISH = 'libs/sdk/ceremony/finish-ceremony.ts';
const SITTING = 'libs/sdk/ceremony/sitting.ts';
const DEALING = 'libs/crypto/ceremony/dealing.ts';
const SEALED = 'libs/crypto/sealing/sealed-secret.ts';

const cheating = (only: string): TestRun => ({ project: 'integration', file: 'libs/sdk/ceremony/ceremony-tampering.int-spec.ts', only });
const keeping = (only: string): TestRun => ({ project: 'integration', file: 'libs/sdk/ceremony/ceremony.int-spec.ts', only });
const START: TestRun = { project: 'e2e', file: 'apps/keyholder/test/keyholder-start.e2e-spec.ts', only: 'refuses a share that is not sealed in production' };
const FEDERATION: TestRun = { project: 'federation', file: 'test/federation/key-ceremony.spec.ts' };

export const CEREMONIES: readonly Mutant[] = [
  {
    name: 'ceremony/possession-not-verified',
    guard: 'nobody commits to a point whose logarithm it does not know (a rogue key)',
    edits: [{ file: ROUNDS, find: 'refuseUnless(verifyPossession(', replace: 'refuseUnless(true || verifyPossession(' }],
    test: cheating('takes a rogue key'),
  },
  {
    name: 'ceremony/commitments-changed-later',
    guard: 'the last to speak cannot choose its polynomial after the others',
    edits: [{ file: ROUNDS, find: "refuseUnless(commitmentTo(sitting, id, opening) === transcript.body('join', id)!.commitment,", replace: 'refuseUnless(true,' }],
    test: cheating('waits for the others and then chooses its commitments'),
  },
  {
    name: 'ceremony/share-not-checked',
    guard: 'a share that fits nothing is noticed by its receiver, with the dealer\'s name',
    edits: [{ file: ROUNDS, find: 'if (share === null || !shareFits(engine, plan.kind, pointsOf(transcript, id), self.index, share)) return', replace: 'if (share === null) return' }],
    test: cheating('deals a wrong share'),
  },
  {
    name: 'ceremony/complaint-believed',
    guard: 'who complains of a share that fits is at fault itself',
    edits: [{ file: ROUNDS, find: "return verdict === 'dealer' ? body.against : sender;", replace: "return verdict === 'dealer' || true ? body.against : sender;" }],
    test: cheating('complains of a share that fits'),
  },
  {
    name: 'ceremony/transcripts-not-compared',
    guard: 'a holder that tells different holders different things is found before a share is dealt',
    edits: [{ file: TRANSCRIPT, find: 'if (others.length > 0) throw', replace: 'if (others.length > 99) throw' }],
    test: cheating('tells different holders different things'),
  },
  {
    name: 'ceremony/equivocation-overwritten',
    guard: 'a second, different message of one sender is evidence, not a correction',
    edits: [{ file: TRANSCRIPT, find: 'if (before !== undefined && before.digest !== digest) {', replace: 'if (before !== undefined && before.digest === undefined) {' }],
    test: cheating('tells different holders different things'),
  },
  {
    name: 'ceremony/replay-accepted',
    guard: 'a message of another ceremony or round is worth nothing in this one',
    edits: [
      { file: TRANSCRIPT, find: 'if (message.ceremony !== this.sitting.id) throw', replace: 'if (false) throw' },
    ],
    test: cheating('replays a message of another ceremony'),
  },
  {
    name: 'ceremony/higher-degree-accepted',
    guard: 'commitments are as many as the threshold, and in a refresh there is none for the constant',
    edits: [{ file: DEALING, find: 'if (points.length !== commitmentCount(kind, expected.threshold)) throw', replace: 'if (points.length < 1) throw' }],
    test: cheating('adds to the key in a refresh'),
  },
  {
    name: 'ceremony/other-constant-reshared',
    guard: 'in a resharing a dealer deals its own share and nothing else',
    edits: [{ file: DEALING, find: 'if (expected.constant !== null && !sameBytes(', replace: 'if (expected.constant !== null && sameBytes(new Uint8Array(1), new Uint8Array(2)) && !sameBytes(' }],
    test: cheating('deals on something else than its share'),
  },
  {
    name: 'ceremony/plan-not-compared',
    guard: 'the opener of a ceremony does not choose threshold, holders or epoch alone',
    edits: [{ file: CEREMONY, find: 'if (agreed[name] !== wanted[name]) throw', replace: 'if (agreed[name] === undefined) throw' }],
    test: cheating('opens a plan that was not agreed upon'),
  },
  {
    name: 'ceremony/holders-only-counted',
    guard: 'the opener seats nobody who is pinned too in the place of a holder that was agreed upon',
    edits: [{ file: CEREMONY, find: '[...ids].sort().join();', replace: 'String(ids.length);' }],
    test: cheating('seats somebody who is pinned too'),
  },
  {
    name: 'ceremony/complaint-after-confirming',
    guard: 'nobody who has confirmed can leave some holders with new shares and others without',
    edits: [{ file: CEREMONY, find: "transcript.complaints().find(({ sender }) => !transcript.has('confirm', sender));", replace: 'transcript.complaints()[0];' }],
    test: cheating('complains after it has confirmed'),
  },
  {
    name: 'ceremony/key-of-the-plan',
    guard: 'a holder of the plan is the one that was pinned, not one whose key the opener names',
    edits: [{ file: SITTING, find: 'find(({ jwk }) => keyIdOf(jwk) === kid)', replace: 'find(({ jwk }) => keyIdOf(jwk) !== `${kid}.`)' }],
    test: cheating('opens a plan that was not agreed upon'),
  },
  {
    name: 'ceremony/confirmations-not-compared',
    guard: 'nobody signs before all holders derived the same manifest',
    edits: [{ file: ROUNDS, find: 'if (others.length > 0) throw', replace: 'if (others.length > 99) throw' }],
    test: cheating('confirms or signs another manifest'),
  },
  {
    name: 'ceremony/two-manifests-of-a-generation',
    guard: 'a holder signs one manifest for an epoch and generation',
    edits: [{ file: FINISH, find: 'if (signed !== hash) throw', replace: 'if (signed === undefined) throw' }],
    test: cheating('signs the manifest of one renewal only'),
  },
  {
    name: 'ceremony/old-shares-pile-up',
    guard: 'a share file holds the generation in use and one of grace',
    edits: [{ file: FINISH, find: 'before?.shares.filter(({ generation }) => generation === plan.generation - 1) ?? []', replace: 'before?.shares.slice(0, 1) ?? []' }],
    test: keeping('key ceremonies'),
  },
  {
    name: 'ceremony/says-something-else-again',
    guard: 'a step that is repeated says the same bytes',
    edits: [{ file: TRANSCRIPT, find: '    if (!store.has(name)) {\n', replace: '    store.remove(name);\n    if (!store.has(name)) {\n' }, { file: CEREMONY, find: 'if (transcript.has(round, id)) transcript.repeat(round);\n    else await', replace: 'await' }, { file: CEREMONY, find: 'const secrets = open ?', replace: 'const secrets = open || !open ?' }],
    test: keeping('go on where they were killed'),
  },
  {
    name: 'ceremony/dealt-key-made-new',
    guard: 'refreshing a key that a dealer has seen does not hide that',
    edits: [{ file: CEREMONY, find: "origin: base?.manifest.origin ?? 'dkg'", replace: "origin: 'dkg'" }],
    test: keeping('do not make a key that a dealer has seen'),
  },
  {
    name: 'sealing/header-not-authenticated',
    guard: 'what a sealed file says in the clear cannot be changed',
    edits: [
      { file: SEALED, find: 'createCipheriv(\'aes-256-gcm\', cipherKey, NONCE).setAAD(canonicalBytes(header as unknown as Json))', replace: "createCipheriv('aes-256-gcm', cipherKey, NONCE)" },
      { file: SEALED, find: '{ authTagLength: TAG_BYTES }).setAAD(canonicalBytes(header as unknown as Json))', replace: '{ authTagLength: TAG_BYTES })' },
    ],
    test: { project: 'unit', file: 'libs/crypto/sealing/sealing.spec.ts' },
  },
  {
    name: 'sealing/passphrase-as-typed',
    guard: 'a passphrase opens what it sealed, however a machine composes its letters',
    edits: [{ file: 'libs/crypto/sealing/key-source.port.ts', find: "utf8(passphrase.normalize('NFC'))", replace: 'utf8(passphrase)' }],
    test: { project: 'unit', file: 'libs/crypto/sealing/sealing.spec.ts', only: 'however their letters were composed' },
  },
  {
    name: 'keyholder/plain-share-in-production',
    guard: 'a share that lies open on a disk is refused in production',
    edits: [{ file: 'apps/keyholder/key-material.ts', find: "if (source.profile === 'production' && !isSealedSecret(file)) throw", replace: 'if (false) throw' }],
    test: START,
  },
  {
    name: 'keyholder/any-manifest-as-the-one-before',
    guard: 'grace is for one generation of the same key',
    edits: [{ file: 'apps/keyholder/signed-manifest.ts', find: 'if (!follows) throw', replace: 'if (false) throw' }],
    test: { ...FEDERATION, only: 'a key made by its holders' },
  },
  {
    name: 'member/one-stale-holder-stops-all',
    guard: 'while holders go on to renewed shares one after the other, members find a quorum that has',
    edits: [{ file: 'libs/sdk/transport/key-holder-client.ts', find: '    refusals.set(index, { error, refillsAtMs: refillOf(error) });', replace: "    if (code === 'STALE_MANIFEST') throw error;\n    refusals.set(index, { error, refillsAtMs: refillOf(error) });" }],
    test: { ...FEDERATION, only: 'a key made by its holders' },
  },
];

/** Four eyes and delivery at the hub: what is refused before anything is sealed or sent. */
import type { Mutant, TestRun } from '../mutant.model.js';

const POLICY = 'libs/domain/cases/case.policy.ts';
const JOINT_CASE: TestRun = { project: 'integration', file: 'libs/flows/joint-case/joint-case.int-spec.ts' };
const DELIVER: TestRun = { project: 'integration', file: 'libs/flows/deliver-package/deliver-package.int-spec.ts' };
const BUILD_PACKAGE = 'libs/flows/deliver-package/build-package.flow.ts';

export const CASES: readonly Mutant[] = [
  {
    name: 'four-eyes/same-officer-or-side-again',
    guard: 'two different officers of the two sides approve before anything is sealed',
    edits: [{ file: POLICY, find: "  if (present.some((one) => one.officerKid === officerKid || one.side === side)) throw", replace: "  if (present.some((one) => one.officerKid === officerKid && one.side === side && present.length < 0)) throw" }],
    test: JOINT_CASE,
  },
  {
    name: 'four-eyes/third-member',
    guard: 'an officer of a third member does not approve',
    // Each alone is backed by the other, and by who can see the proposal at all.
    edits: [{ file: POLICY, find: "  if (officer.partyId !== caller.partyId) throw new DomainError('FOUR_EYES_REQUIRED', 'officer of another party');\n", replace: '' },
      { file: POLICY, find: "  if (officer.partyId !== proposal.leadId) throw new DomainError('FOUR_EYES_REQUIRED', 'officer of a party that neither leads nor coordinates');\n", replace: '' }],
    test: JOINT_CASE,
  },
  {
    name: 'four-eyes/proposer',
    guard: 'who proposed the case does not approve it',
    edits: [{ file: POLICY, find: "  if (officer.kid === proposal.officerKid) throw new DomainError('FOUR_EYES_REQUIRED', 'the officer who proposed cannot approve');\n", replace: '' }],
    test: JOINT_CASE,
  },
  {
    name: 'four-eyes/another-digest',
    guard: 'an approval of another digest is refused',
    edits: [{ file: POLICY, find: "  if (!same) throw new DomainError('DIGEST_MISMATCH', 'approval of something else');\n", replace: '  void same;\n' }],
    test: JOINT_CASE,
  },
  {
    name: 'four-eyes/no-test-package',
    guard: 'a liaison accepts a test package before the first real one',
    edits: [{ file: 'libs/flows/joint-case/approve-case.flow.ts', find: "    if (!(await this.packages.liaisonReady(tx, jointCase.liaisonId))) throw new DomainError('TEST_PACKAGE_REQUIRED', 'liaison');\n", replace: '' }],
    test: JOINT_CASE,
  },
  {
    name: 'delivery/effect-not-asked',
    guard: 'a job that runs twice offers a package once',
    edits: [
      { file: BUILD_PACKAGE, find: '      if (!(await this.effects.once(tx, run.effectKey()))) return;\n', replace: '      await this.effects.once(tx, run.effectKey());\n' },
      { file: BUILD_PACKAGE, find: "return found?.state === 'BUILDING' ? found : null;", replace: "return found === null ? null : { ...found, state: 'BUILDING' };" },
    ],
    test: DELIVER,
  },
  {
    name: 'delivery/recipient-key-swapped',
    guard: 'nothing is sealed to a key that was not approved',
    edits: [{ file: 'libs/flows/deliver-package/bind-package.ts', find: "  if (canonicalJson([...thumbprints].sort()) !== canonicalJson([...approved].sort())) throw", replace: '  if (thumbprints.length !== approved.length) throw' }],
    test: DELIVER,
  },
];

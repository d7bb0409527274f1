/** Who may call what: boot proof, tokens, proofs, pins, admission. */
import type { Mutant, TestRun } from '../mutant.model.js';

const IDENTITY = 'apps/hub/test/identity.e2e-spec.ts';
const BOOT: TestRun = { project: 'e2e', file: IDENTITY, only: 'boot' };
const CALLER: TestRun = { project: 'e2e', file: IDENTITY, only: 'who is calling' };
const MEMBERS: TestRun = { project: 'e2e', file: 'apps/hub/test/members.e2e-spec.ts' };
const TRUST: TestRun = { project: 'unit', file: 'libs/sdk/trust/trust-store.spec.ts' };
const AUTHENTICATOR = 'libs/platform/auth/authenticator.ts';
const STANDING = 'libs/flows/onboard-member/change-standing.flow.ts';

export const ACCESS: readonly Mutant[] = [
  {
    name: 'access/no-boot-proof',
    guard: 'the hub does not start when an operation declares no access',
    edits: [{ file: 'libs/platform/auth/access.module.ts', find: '    proveAccess(this.found);\n', replace: '    if (this.found.length < 0) proveAccess(this.found);\n' }],
    test: BOOT,
  },
  {
    name: 'access/scope-not-checked',
    guard: 'a role holds no scope that its token does not hold',
    edits: [{ file: 'libs/platform/auth/access.guard.ts', find: 'if (rule === undefined || !rule.scopes.some((scope) => caller.scopes.has(scope))) throw', replace: 'if (rule === undefined || caller.scopes.size < 0) throw' }],
    test: CALLER,
  },
  {
    name: 'access/replayed-proof-accepted',
    guard: 'a proof of possession is spent once',
    edits: [{ file: AUTHENTICATOR, find: "  if (spend !== 'fresh') throw new UnauthenticatedError('proof replayed');\n", replace: '' }],
    test: CALLER,
  },
  {
    name: 'access/proof-of-any-key',
    guard: 'a stolen token is useless without its key',
    edits: [{ file: 'libs/platform/auth/dpop-proof.ts', find: "  if ((await calculateJwkThumbprint(jwk)) !== request.jkt) throw new UnauthenticatedError('proof binding');\n", replace: '' }],
    test: CALLER,
  },
  {
    name: 'access/suspended-may-call',
    guard: 'a suspended member is out at its next call',
    edits: [{ file: AUTHENTICATOR, find: "  if (party.status === 'SUSPENDED') throw new MemberSuspendedError();\n  if (party.status !== 'ACTIVE') throw new UnauthenticatedError('party status');\n", replace: "  if (party.status === 'EXPELLED') throw new MemberSuspendedError();\n" }, { file: AUTHENTICATOR, find: "  if (party.policyVersion !== policyVersion) throw new UnauthenticatedError('policy version');\n", replace: '' }],
    test: MEMBERS,
  },
  {
    name: 'admission/one-officer-twice',
    guard: 'two different officers admit a party',
    edits: [{ file: STANDING, find: '    if (waiting.officers.includes(officer.officerId)) throw new SameOfficerError();\n', replace: '' }],
    test: MEMBERS,
  },
  {
    name: 'admission/any-officer',
    guard: 'officers of coordinators admit, not those of members',
    edits: [{ file: STANDING, find: "if (officer === null || officer.role !== 'coordinator') throw", replace: 'if (officer === null) throw' }],
    test: MEMBERS,
  },
  {
    name: 'admission/another-digest',
    guard: 'the second officer signs the same file as the first',
    edits: [{ file: STANDING, find: '    if (act.digest !== null && waiting.digest !== act.digest) throw new ActMismatchError();\n', replace: '' }],
    test: MEMBERS,
  },
  {
    name: 'trust/fingerprint-not-compared',
    guard: 'a key is pinned only when its fingerprint was read out',
    edits: [{ file: 'libs/sdk/trust/trust-store.ts', find: "    if (!sameFingerprint(fingerprintOf(file), fingerprint)) throw new DomainError('KEY_NOT_TRUSTED', 'fingerprint differs', { subject: file.subject, reason: 'fingerprint' });\n", replace: '' }],
    test: TRUST,
  },
  {
    name: 'trust/replaced-silently',
    guard: 'another key for a pinned subject needs a person to say so',
    edits: [{ file: 'libs/sdk/trust/trust-store.ts', find: 'if (changed && !replace) throw', replace: 'if (changed && !replace && old.length < 0) throw' }],
    test: TRUST,
  },
];

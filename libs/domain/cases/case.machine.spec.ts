import fc from 'fast-check';
import { CASE_ACTS, INVITATION_ACTS, moveCase, moveInvitation, type CaseState, type InvitationState } from './case.machine.js';

function walk<S, A>(start: S, acts: readonly A[], move: (state: S, act: A) => S): S[] {
  const seen = [start];
  for (const act of acts) {
    try { seen.push(move(seen.at(-1)!, act)); } catch { /* refused: the state stays */ }
  }
  return seen;
}

describe(moveCase.name, () => {
  const runs = fc.array(fc.constantFrom(...CASE_ACTS), { maxLength: 30 });
  it('approves only what was open, and never leaves an end', () => {
    fc.assert(fc.property(runs, (acts) => {
      const seen = walk<CaseState, (typeof CASE_ACTS)[number]>('PROPOSED', acts, moveCase);
      seen.forEach((state, i) => {
        if (state === 'APPROVED' && seen[i - 1] !== 'APPROVED') expect(seen[i - 1]).toBe('OPEN');
        if (i > 0 && (seen[i - 1] === 'CLOSED' || seen[i - 1] === 'WITHDRAWN')) expect(state).toBe(seen[i - 1]);
      });
    }));
  });
  it('takes no contribution before somebody joined nor after the approval', () => {
    for (const state of ['PROPOSED', 'APPROVED', 'CLOSED', 'WITHDRAWN'] as const) expect(() => moveCase(state, 'contribute')).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
  });
});

describe(moveInvitation.name, () => {
  it('is answered once', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...INVITATION_ACTS), { minLength: 1, maxLength: 10 }), (acts) => {
      const seen = walk<InvitationState, (typeof INVITATION_ACTS)[number]>('ASKED', acts, moveInvitation);
      expect(seen).toHaveLength(2);
    }));
  });
});

import fc from 'fast-check';
import { PACKAGE_ACTS, PACKAGE_STATES, RECEIPT_ACTS, movePackage, type PackageAct, type PackageState } from './package.machine.js';

const PAST_FETCHED: readonly PackageState[] = ['RECEIVED', 'ACCEPTED', 'REJECTED', 'CLOSED'];

describe(movePackage.name, () => {
  const moves = (acts: readonly PackageAct[]): (readonly [PackageState, PackageAct, PackageState])[] => {
    const done: [PackageState, PackageAct, PackageState][] = [];
    let state: PackageState = 'BUILDING';
    for (const act of acts) {
      try {
        const next = movePackage(state, act);
        done.push([state, act, next]);
        state = next;
      } catch { /* refused: the state stays */ }
    }
    return done;
  };

  it('passes FETCHED by a receipt only', () => {
    const receipts = [...Object.values(RECEIPT_ACTS)];
    fc.assert(fc.property(fc.array(fc.constantFrom(...PACKAGE_ACTS), { maxLength: 40 }), (acts) => {
      for (const [from, act, to] of moves(acts)) if (PAST_FETCHED.includes(to) && !PAST_FETCHED.includes(from)) expect(receipts).toContain(act);
    }), { numRuns: 500 });
  });

  it('never takes back what was fetched, and never offers what was not sealed', () => {
    for (const state of ['FETCHED', ...PAST_FETCHED] as const) expect(() => movePackage(state, 'withdraw')).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
    for (const state of PACKAGE_STATES.filter((one) => one !== 'SEALED')) expect(() => movePackage(state, 'offer')).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT' }));
  });

  it('stays where it ends', () => {
    for (const state of ['WITHDRAWN', 'EXPIRED'] as const) for (const act of PACKAGE_ACTS) expect(() => movePackage(state, act)).toThrow();
  });
});

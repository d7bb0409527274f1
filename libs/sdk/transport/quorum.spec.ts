import { QuorumChooser } from './quorum.js';

describe(QuorumChooser.name, () => {
  const holders = [1, 2, 3].map((index) => ({ index }));
  it('rotates, so that no holder carries every batch', () => {
    const sut = new QuorumChooser(holders, 2, () => 0);
    expect([sut.choose(new Set()), sut.choose(new Set()), sut.choose(new Set())]).toEqual([[1, 2], [2, 3], [1, 3]]);
  });
  it('goes without a holder that rests, until it has rested', () => {
    let now = 0;
    const sut = new QuorumChooser(holders, 2, () => now, 1000);
    sut.rest(2);
    expect([1, 2, 3].map(() => sut.choose(new Set()))).toEqual([[1, 3], [1, 3], [1, 3]]);
    now = 1000;
    expect([1, 2, 3].map(() => sut.choose(new Set()))).toEqual(expect.arrayContaining([[1, 2]]));
  });
  it('asks a resting holder again when there is no other quorum', () => {
    const sut = new QuorumChooser(holders, 2, () => 0);
    [1, 2, 3].forEach((index) => sut.rest(index));
    expect(sut.choose(new Set([1]))).toEqual([2, 3]);
  });
  it('says when too few are left', () => {
    expect(new QuorumChooser(holders, 2, () => 0).choose(new Set([1, 3]))).toBeNull();
  });
});

import { StageClock } from './stage-clock.js';

describe(StageClock.name, () => {
  it('counts overlapping pieces of a stage once', () => {
    let now = 0;
    const sut = new StageClock(() => now);
    sut.enter('tokenise');
    now = 1000;
    sut.enter('tokenise');
    now = 3000;
    sut.leave('tokenise');
    now = 4000;
    sut.leave('tokenise');
    now = 9000;
    sut.enter('tokenise');
    now = 9500;
    sut.leave('tokenise');
    expect(sut.seconds('tokenise')).toBe(4.5);
    expect(sut.seconds('upload')).toBe(0);
  });
});

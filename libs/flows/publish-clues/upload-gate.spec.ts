import { UploadGate } from './upload-gate.js';

describe(UploadGate.name, () => {
  const ends: (() => void)[] = [];
  const began: string[] = [];
  let sut: UploadGate;
  /** An upload that lasts until it is let go. */
  const upload = (who: string): Promise<void> => sut.within(who, () => new Promise<void>((resolve) => { began.push(who); ends.push(resolve); }));
  const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
  beforeEach(() => {
    [ends.length, began.length] = [0, 0];
    sut = new UploadGate(4, 8);
  });

  it('lets in as many as there are places, and the next when one ends', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map(upload);
    await settled();
    expect(began.join('')).toBe('abcd');
    ends[1]!();
    await settled();
    expect(began.join('')).toBe('abcde');
    ends.forEach((end) => end());
    await Promise.all(all);
  });
  it('keeps places for others, whatever one party sends and however slowly', async () => {
    const slow = Array.from({ length: 4 }, () => upload('slow'));
    const other = upload('b');
    await settled();
    expect(began.join(' ')).toBe('slow slow b');
    await expect(upload('slow')).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', fields: { limit: 'uploads' } }); // two wait: a quarter of the queue
    const third = upload('c');
    await settled();
    expect(began.join(' ')).toBe('slow slow b c');
    ends[2]!();
    await settled();
    expect(began.filter((who) => who === 'slow')).toHaveLength(2);
    ends[0]!();
    await settled();
    expect(began.filter((who) => who === 'slow')).toHaveLength(3);
    for (let i = 0; i < 8; i++) { ends.forEach((end) => end()); await settled(); }
    await Promise.all([...slow, other, third]);
  });
  it('frees its place when the work fails', async () => {
    for (let i = 0; i < 6; i++) await expect(sut.within('a', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    const one = upload('a');
    await settled();
    expect(began).toEqual(['a']);
    ends[0]!();
    await one;
  });
});

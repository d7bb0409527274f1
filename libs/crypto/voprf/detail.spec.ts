import { randomBytes } from 'node:crypto';
import { createDetailBox, type DetailBinding, type DetailBox } from './detail.js';

describe('detail box', () => {
  let sut: DetailBox;
  const key = randomBytes(32);
  const binding: DetailBinding = { hub: 'hub', epoch: 1, token: randomBytes(16), clueId: '0190a0a0-0000-7000-8000-000000000001', revision: 1 };
  const detail = new TextEncoder().encode('{"note":"中介"}');
  beforeAll(async () => { sut = await createDetailBox(); });

  it('opens what it sealed, and two seals differ', () => {
    const sealed = sut.seal(key, detail, binding);
    expect(Buffer.from(sut.open(key, sealed, binding))).toEqual(Buffer.from(detail));
    expect(sut.seal(key, detail, binding)).not.toEqual(sealed);
  });
  it('has lengths in classes of 256 bytes only', () => {
    const lengths = [0, 1, 251, 252, 253, 508].map((n) => sut.seal(key, new Uint8Array(n), binding).length - 41);
    expect(lengths).toEqual([256, 256, 256, 256, 512, 512]);
  });
  it('refuses another key, any other binding and any changed byte', () => {
    const sealed = sut.seal(key, detail, binding);
    expect(() => sut.open(randomBytes(32), sealed, binding)).toThrow('authentication');
    const others: Partial<DetailBinding>[] = [{ hub: 'x' }, { epoch: 2 }, { token: randomBytes(16) }, { clueId: 'x' }, { revision: 2 }];
    for (const other of others) expect(() => sut.open(key, sealed, { ...binding, ...other })).toThrow('authentication');
    for (const at of [0, 5, 60, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => sut.open(key, changed, binding)).toThrow('detail does not open');
    }
  });
});

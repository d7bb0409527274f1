import { VaultKeys } from './vault-keys.js';

describe(VaultKeys.name, () => {
  const sut = new VaultKeys(new Uint8Array(32).fill(1));
  const other = new VaultKeys(new Uint8Array(32).fill(2));

  it('opens what it sealed, for that record and with that key only', () => {
    const sealed = sut.seal('13320826779', 'c/1');
    expect(sealed).not.toContain(Buffer.from('13320826779').toString('base64').slice(0, 10));
    expect(sut.open(sealed, 'c/1')).toBe('13320826779');
    for (const attempt of [() => sut.open(sealed, 'c/2'), () => other.open(sealed, 'c/1'), () => sut.open(`AA${sealed.slice(2)}`, 'c/1')]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'VAULT_INVALID' }) as Error);
    }
  });
  it('keeps index, seal and blinds apart by key, epoch and kind', () => {
    const places = [sut.indexOf(1, 'phone', 'x'), sut.indexOf(2, 'phone', 'x'), sut.indexOf(1, 'email', 'x'), other.indexOf(1, 'phone', 'x')];
    expect(new Set(places).size).toBe(4);
    expect(sut.indexOf(1, 'phone', 'x')).toBe(places[0]);
    expect(sut.blindSeed).not.toEqual(other.blindSeed);
  });
  it('binds a batch to the order and the borders of its inputs', () => {
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
    expect(sut.digestOf([bytes(1), bytes(2)])).not.toBe(sut.digestOf([bytes(2), bytes(1)]));
    expect(sut.digestOf([bytes(1, 2)])).not.toBe(sut.digestOf([bytes(1), bytes(2)]));
  });
  it('refuses a key of another length', () => {
    expect(() => new VaultKeys(new Uint8Array(16))).toThrow(expect.objectContaining({ code: 'VAULT_INVALID' }) as Error);
  });
});

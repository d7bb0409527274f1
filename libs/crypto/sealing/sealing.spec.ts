import type { Json } from '#kernel';
import { keyFileSource, type KeyRecipe, type KeySource, passphraseKey, passphraseSource } from './key-source.port.js';
import { isSealedSecret, openSecret, type SealedSecret, sealSecret } from './sealed-secret.js';

const AS = 'tally-share+1';
const about = { federation: 'fed', epoch: 1 };
const secret = { shares: ['kept'] };
const otherKey = (hex: string): string => hex.repeat(32);

/** The least work a file may ask for (2^16), each key derived once: what is tested here is what is done with the key. The real cost is asserted below. */
function light(source: KeySource): KeySource {
  const derived = new Map<string, Promise<Uint8Array>>();
  const once = (recipe: KeyRecipe): Promise<Uint8Array> => {
    const key = derived.get(JSON.stringify(recipe)) ?? source.keyFor(recipe);
    derived.set(JSON.stringify(recipe), key);
    return key.then((bytes) => bytes.slice());
  };
  return { kind: source.kind, recipe: (salt) => ({ ...source.recipe(salt), n: 2 ** 16 }) as KeyRecipe, keyFor: once };
}

/** What every adapter of the port must do; `other` is the same kind with another secret. */
const adapters: readonly [string, () => { sut: KeySource; other: KeySource }][] = [
  ['passphrase', () => ({ sut: light(passphraseSource('correct horse battery')), other: light(passphraseSource('correct horse batteries')) })],
  ['key file', () => ({ sut: keyFileSource(otherKey('ab')), other: keyFileSource(otherKey('ac')) })],
];

describe.each(adapters)('sealed with a %s', (_name, make) => {
  const { sut, other } = make();
  let sealed: SealedSecret;
  beforeAll(async () => { sealed = await sealSecret(sut, { sealed: AS, about }, secret); });
  const refused = async (source: KeySource, file: unknown, as = AS): Promise<void> => {
    await expect(openSecret(source, file, as)).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  };

  it('opens with the same secret and tells what it is about without it', async () => {
    expect((await openSecret(sut, JSON.parse(JSON.stringify(sealed)), AS)).secret).toEqual(secret);
    expect(sealed.about).toEqual(about);
    expect(JSON.stringify(sealed)).not.toContain('kept');
  });
  it('does not open with another secret, nor as another kind of file', async () => {
    await refused(other, sealed);
    await refused(sut, sealed, 'tally-ceremony-secrets+1');
  });
  it('does not open when anything of it was changed', async () => {
    const box = Buffer.from(sealed.box, 'base64url');
    box[0]! ^= 1;
    const changes: Partial<SealedSecret>[] = [{ box: box.toString('base64url') }, { box: '' }, { about: { ...about, epoch: 2 } }, { sealed: 'tally-other+1' }, { key: { ...sealed.key, salt: Buffer.alloc(32).toString('base64url') } }];
    for (const change of changes) await refused(sut, { ...sealed, ...change }, change.sealed ?? AS);
  });
  it('gives each file a key of its own', async () => {
    const again = await sealSecret(sut, { sealed: AS, about }, secret);
    expect(again.box).not.toBe(sealed.box);
    expect(Buffer.from(await sut.keyFor(again.key))).not.toEqual(Buffer.from(await sut.keyFor(sealed.key)));
  });
});

describe('secrets that seal', () => {
  it('are long enough', () => {
    for (const short of ['', 'fifteen letters']) for (const use of [passphraseSource, (text: string) => passphraseKey(text, new Uint8Array(32))]) expect(() => use(short)).toThrow('16');
    for (const bad of ['', 'ab', otherKey('AB'), otherKey('xy')]) expect(() => keyFileSource(bad)).toThrow('64');
  });
  it('are not taken for each other, and a file cannot ask for too little or too much work', async () => {
    const passphrase = passphraseSource('correct horse battery');
    const recipe = passphrase.recipe(Buffer.alloc(32).toString('base64url'));
    expect(recipe).toMatchObject({ kind: 'scrypt', n: 2 ** 17, r: 8, p: 1 });
    expect(() => keyFileSource(otherKey('ab')).keyFor(recipe)).toThrow('key file');
    expect(() => passphrase.keyFor({ kind: 'key-file', salt: recipe.salt })).toThrow('passphrase');
    for (const change of [{ n: 2 ** 10 }, { n: 2 ** 15 }, { n: 2 ** 24 }, { n: 2 ** 17 + 1 }, { r: 1 }, { p: 1000 }]) expect(() => passphrase.keyFor({ ...recipe, ...change } as never)).toThrow('bounds');
  });
  it('are the same however their letters were composed, and however they are used', async () => {
    const [composed, decomposed] = ['caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9', 'cafe\u0301 cafe\u0301 cafe\u0301 cafe\u0301'];
    const salt = Buffer.alloc(32, 7);
    const source = passphraseSource(composed);
    expect(passphraseKey(decomposed, salt)).toEqual(await source.keyFor(source.recipe(salt.toString('base64url'))));
  });
  it('mark what they made, and nothing else', async () => {
    const file = await sealSecret(keyFileSource(otherKey('ab')), { sealed: AS, about }, secret as Json);
    expect(isSealedSecret(file)).toBe(true);
    for (const other of [null, 'x', {}, { ...file, more: 1 }, { ...file, v: 2 }, { ...file, key: null }, { ...file, key: { kind: 'rot13', salt: '' } }]) expect(isSealedSecret(other)).toBe(false);
  });
});

/**
 * What a leaked value may look like: the value itself, its hex and base64 spellings, and its plain digests (which
 * anybody can brute-force, docs/threat-model.md). Encodings are enumerated here and nowhere else, so that the index can keep
 * 16 bytes a pattern and rebuild the bytes only to confirm a candidate.
 */
import { createHash } from 'node:crypto';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const digest = (name: string, value: Buffer): Buffer => createHash(name).update(value).digest();

/** Base64 of the value inside a longer run: the characters that depend on the value alone, for each of 3 alignments. */
function base64Cores(value: Buffer): Buffer[] {
  const cores: Buffer[] = [];
  for (let shift = 0; shift < 3; shift += 1) {
    const text = Buffer.concat([Buffer.alloc(shift), value]).toString('base64').replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const to = (shift + value.length) % 3 === 0 ? text.length : text.length - 1;
    cores.push(Buffer.from(text.slice(from, to), 'latin1'));
  }
  return cores;
}

/** Empty where the two alphabets spell it alike: places in the list stay, patterns are not doubled. */
function urlSafe(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  return /[+/]/.test(text) ? Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'), 'latin1') : Buffer.alloc(0);
}

function unlessEqual(bytes: Buffer, other: Buffer): Buffer {
  return bytes.equals(other) ? Buffer.alloc(0) : bytes;
}

/** Every spelling of one value that the scan looks for. The order is stable: an index into it names the encoding. */
export function encodingsOf(value: string): readonly Buffer[] {
  const plain = utf8(value);
  const hex = plain.toString('hex');
  const spellings = [plain, Buffer.from(hex), unlessEqual(Buffer.from(hex.toUpperCase()), Buffer.from(hex))];
  for (const core of base64Cores(plain)) spellings.push(core, urlSafe(core));
  for (const name of ['md5', 'sha1', 'sha256']) {
    const sum = digest(name, plain);
    const sumHex = sum.toString('hex');
    spellings.push(sum, Buffer.from(sumHex), Buffer.from(sumHex.toUpperCase()), Buffer.from(sum.toString('base64').replace(/=+$/, '')), urlSafe(Buffer.from(sum.toString('base64').replace(/=+$/, ''))));
  }
  return spellings;
}

export const PLAIN_ENCODING = 0;

const HAN = /\p{Script=Han}/gu;

/** The scan's threshold: 8 characters, or 4 Han (which are 12 bytes). Shorter values collide with anything. */
export function isLongEnough(value: string): boolean {
  return [...value].length >= 8 || (value.match(HAN)?.length ?? 0) >= 4;
}

/**
 * Traditional, Hong Kong and Taiwan characters to simplified ones, character by character.
 *
 * Only OpenCC's character tables are used, not its phrases: a phrase table makes a character's image depend on its
 * neighbours, and then the traditional spelling of a name and its simplified one can part (乾 stays in 乾坤, falls in 乾照).
 * A plain function of the character applied to both sides cannot. Its price, that 乾照 and 干照 become one, is paid by
 * every simplified register too. The tables are closed under themselves at load, so folding is idempotent.
 */
import cjkCompatibility from 'opencc-js/dict/CJK_Compatibility_Ideographs';
import hkVariantsRev from 'opencc-js/dict/HKVariantsRev';
import tsCharacters from 'opencc-js/dict/TSCharacters';
import twVariantsRev from 'opencc-js/dict/TWVariantsRev';
import { CJK_RADICALS } from '../data/cjk-radicals.js';
import { HAN_OWN_SIMPLIFIED, HAN_VARIANTS, HAN_WORDS } from '../data/han-variants.js';

function table(dictionary: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const entry of dictionary.split('|')) {
    const [from = '', to = from] = entry.split(' ');
    map.set(from, to);
  }
  return map;
}

function build(): Map<string, string> {
  const layers = [CJK_RADICALS, HAN_OWN_SIMPLIFIED, HAN_VARIANTS, table(cjkCompatibility), table(tsCharacters), table(hkVariantsRev), table(twVariantsRev)];
  const simplified = table(tsCharacters);
  const step = (char: string): string => {
    for (const layer of layers) {
      const image = layer.get(char);
      if (image !== undefined && image !== char) return image;
    }
    return char;
  };
  /** A regional variant leads to a traditional character and on to a simplified one; a cycle ends where it began to repeat. */
  const close = (char: string): string => {
    const seen = [char];
    for (;;) {
      const next = step(seen[seen.length - 1] ?? char);
      if (next === seen[seen.length - 1]) return next;
      if (seen.includes(next)) return seen.slice(seen.indexOf(next)).find((c) => !simplified.has(c)) ?? next;
      seen.push(next);
    }
  };
  const closed = new Map<string, string>();
  for (const layer of layers) {
    for (const char of layer.keys()) {
      const image = close(char);
      if (image !== char) closed.set(char, image);
    }
  }
  return closed;
}

interface Fold {
  /** By UTF-16 code unit: its image, 0 where it is its own, `ELSEWHERE` where `others` has it. */
  readonly units: Uint16Array;
  readonly others: ReadonlyMap<string, string>;
}
let fold: Fold | undefined;
const NEEDS_WORDS = /[俱座像炼覆藉瞭彷]/u;
const CJK_FROM = 0x2e80;
/** No character: also what each leading half of a surrogate pair is. */
const ELSEWHERE = 0xffff;

function buildFold(): Fold {
  const units = new Uint16Array(0x1_0000).fill(ELSEWHERE, 0xd800, 0xdc00);
  const others = new Map<string, string>();
  for (const [char, image] of build()) {
    if (char.length === 1) units[char.charCodeAt(0)] = image.length === 1 ? image.charCodeAt(0) : ELSEWHERE;
    if (char.length + image.length > 2) others.set(char, image);
  }
  return { units, others };
}

/** Loaded at first use (about 15 ms), so that an agent without names never pays for it. */
export function simplifiedHan(text: string): string {
  fold ??= buildFold();
  const { units, others } = fold;
  let out = '';
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < CJK_FROM) continue;
    const found = units[unit]!;
    if (found === 0) continue;
    const char = found === ELSEWHERE ? String.fromCodePoint(text.codePointAt(i)!) : text.charAt(i);
    const image = found === ELSEWHERE ? others.get(char) : String.fromCharCode(found);
    if (image !== undefined) {
      out += text.slice(done, i) + image;
      done = i + char.length;
    }
    i += char.length - 1;
  }
  if (done === 0 && !NEEDS_WORDS.test(text)) return text;
  out += text.slice(done);
  for (const [word, standard] of HAN_WORDS) out = out.replace(word, standard);
  return out;
}

/**
 * Where OpenCC's character tables alone leave two spellings of one word apart. Version 2026-11. Pairs of character and image.
 * Sources: General Standard Chinese Characters (2013) annex 1; First Table of Verified Variant Characters (1955).
 */

/** Traditional characters whose simplified form is a character of its own: 鉅 is 钜 (鉅派 is not 巨派). Wins over OpenCC. */
const OWN_SIMPLIFIED = '鉅钜逕迳鏇镟';
/** Variants that no register keeps apart from the standard character. */
const VARIANTS = '讬托谘咨锺钟馀余缐线侭尽麺面麹曲暱昵伕夫揹背鎗枪甦苏燄焰隄堤菓果荳豆濬浚澂澄';

function pairs(text: string): ReadonlyMap<string, string> {
  const chars = [...text];
  return new Map(chars.flatMap((from, i) => (i % 2 === 0 ? [[from, chars[i + 1] ?? from] as const] : [])));
}
export const HAN_OWN_SIMPLIFIED = pairs(OWN_SIMPLIFIED);
export const HAN_VARIANTS = pairs(VARIANTS);

/** Words whose traditional spelling uses another character, after folding: 傢俱 for 家具, 座標 for 坐标, 手鍊 for 手链. */
export const HAN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/家俱/gu, '家具'], [/座标/gu, '坐标'], [/想像/gu, '想象'], [/(?<=[手项拉铁颈银金铰锁])炼|炼(?=[条子锤坠锁])/gu, '链'],
  [/(?<=[反答回批函])覆/gu, '复'], [/(?<=凭)藉|藉(?=[口助此])/gu, '借'], [/瞭(?=解)|(?<=明)瞭/gu, '了'], [/彷(?=佛)/gu, '仿'],
];

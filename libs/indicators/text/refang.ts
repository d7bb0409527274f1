/** Undoes the usual ways of making an address unclickable in reports: hxxp, [.], (dot), 【.】 after NFKC. */
export function refanged(text: string): string {
  return text
    .replace(/^(?:h(?:xx|\*\*|tt)p|meow)(s?)(?:\[:\]|:)/i, 'http$1:')
    .replace(/ ?[[({\u3010](?:\.|dot|点|點)[\])}\u3011] ?/gi, '.')
    .replace(/\[:\/\/\]|:\\\\/, '://');
}

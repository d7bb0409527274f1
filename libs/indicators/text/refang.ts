/** Undoes the usual ways of making an address unclickable in reports: hxxp, htxp, h**p, [:]//, [.], (dot), 【.】 after NFKC. */
export function refanged(text: string): string {
  return text
    .replace(/ ?\[:\/\/\] ?|\[:\] ?\/\/|:\\\\/, '://')
    .replace(/^(?:h[tx*]{2}p|meow)(s?)(?:\[:\]| ?:)/i, 'http$1:')
    .replace(/^(https?):\/+ ?(?=[^/ ])/i, '$1://')
    .replace(/ ?[[({\u3010](?:\.|dot|点|點)[\])}\u3011] ?/gi, '.');
}

/**
 * Who issues payment cards, by the first digits (issuer identification number, ISO/IEC 7812-1), and how long the numbers are. Version 2026-11.
 * From the schemes' own public documentation; the Chinese magnetic-stripe ranges from before UnionPay's 62 are those that banks printed
 * on cards still in use. Unlisted ranges of the banking digits (ISO/IEC 7812-1: 2 to 6, and 8 and 9 by national assignment) are
 * taken with any length; numbers that begin with 0, 1 or 7 belong to no bank.
 */
const RANGES: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^(?:62|81)/, [16, 17, 18, 19]], // UnionPay
  [/^4/, [13, 16, 18, 19]], // Visa, and domestic cards of Chinese banks on 4-ranges with 18 and 19 digits
  [/^(?:5[1-5]|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)/, [16, 18, 19]], // Mastercard, domestic likewise
  [/^3[47]/, [15]], // American Express
  [/^35(?:2[89]|[3-8]\d)/, [16, 17, 18, 19]], // JCB
  [/^3(?:0[0-5]|[689])/, [14, 15, 16, 17, 18, 19]], // Diners Club
  [/^103/, [19]], // Agricultural Bank of China, debit cards before 62
];

export type IssuerFinding = 'ok' | 'length' | 'unknown';

/** What is known of a number's first digits and its length. */
export function issuerFinding(digits: string): IssuerFinding {
  const range = RANGES.find(([prefix]) => prefix.test(digits));
  if (range !== undefined) return range[1].includes(digits.length) ? 'ok' : 'length';
  return /^[017]/.test(digits) ? 'unknown' : 'ok';
}

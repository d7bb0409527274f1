/** Resident identity numbers (GB 11643-1999): recognised only so that they can be refused wherever somebody puts one. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** True for 18 characters with a plausible birth date and the right check character (ISO 7064 MOD 11-2). Takes upper case without blanks. */
export function isResidentId(text: string): boolean {
  if (!/^[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (text.charCodeAt(i) - 48), 0);
  return '10X98765432'.charAt(sum % 11) === text.charAt(17);
}

/**
 * Strings are checked before a JOSE library sees them: some malformed base64url decodes all the same, and one credential
 * with two spellings would be two entries of a replay table.
 */
const MAX_LENGTH = 8192;

/** True for three canonical base64url parts (RFC 7515 7.1), at most 8 KiB together. */
export function isCompactJws(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_LENGTH) return false;
  const parts = value.split('.');
  return parts.length === 3 && parts.every(isBase64url);
}

function isBase64url(part: string): boolean {
  return part.length > 0 && /^[A-Za-z0-9_-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part;
}

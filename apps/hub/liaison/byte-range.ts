/** One range of RFC 9110 14.1.2; several ranges, other units and malformed headers are answered with the whole (14.2). */
export interface ByteRange { readonly from: number; readonly to: number }

/** @returns null for the whole; 'unsatisfiable' for a range beyond the end. */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!found || (found[1] === '' && found[2] === '')) return null;
  if (found[1] === '') {
    const last = Number(found[2]);
    return last === 0 ? 'unsatisfiable' : { from: Math.max(0, size - last), to: size - 1 };
  }
  const from = Number(found[1]);
  const to = found[2] === '' ? size - 1 : Math.min(Number(found[2]), size - 1);
  if (from >= size) return 'unsatisfiable';
  return to < from ? null : { from, to };
}

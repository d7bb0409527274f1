/** A hub that serves ranges without end, or of no length, would fill a liaison's disk or hold its fetch for ever. */
import { DomainError } from '#kernel';
import type { RestAnswer } from '../transport/index.js';
import { MAX_PACKAGE } from '../verify/index.js';

/** Where the bytes of an answer belong: each range goes on from the one before. @throws DomainError PACKAGE_INVALID, PAYLOAD_TOO_LARGE */
export function placeOf(answer: Pick<RestAnswer, 'status' | 'headers' | 'bytes'>, from: number): { readonly at: number; readonly end: number; readonly total: number } {
  const { length } = answer.bytes;
  if (answer.status !== 206) return { at: 0, end: length, total: length };
  const [, first, last, size] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(answer.headers.get('content-range') ?? '') ?? [];
  const end = from + length;
  const total = Number(size);
  const goesOn = Number(first) === from && Number(last) + 1 === end && end <= total;
  // The first byte of a later range is the last of the draft.
  const adds = length > (from === 0 ? 0 : 1) || end === total;
  if (length === 0 || !goesOn || !adds) throw new DomainError('PACKAGE_INVALID', 'another range than the one asked for');
  if (total > MAX_PACKAGE) throw new DomainError('PAYLOAD_TOO_LARGE', 'package is too large');
  return { at: from, end, total };
}

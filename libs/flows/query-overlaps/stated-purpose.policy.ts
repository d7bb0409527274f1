import { judgeBasis, readBasis } from '#domain/clues';
import type { StatedPurpose } from '#domain/overlaps';
import { DomainError } from '#kernel';
import { isCode, PURPOSES } from '#protocol';

/** No purpose or basis of the closed lists, no answer. @throws DomainError BAD_INPUT, BASIS_NOT_APPLICABLE */
export function assertStated({ purpose, legalBasis }: StatedPurpose): void {
  if (!isCode(PURPOSES, purpose)) throw new DomainError('BAD_INPUT', 'purpose', { field: 'purpose' });
  const basis = readBasis(legalBasis);
  if (basis === null) throw new DomainError('BAD_INPUT', 'legal basis', { field: 'legalBasis' });
  const refusal = judgeBasis(basis, null);
  if (refusal) throw new DomainError(refusal.code, 'legal basis', { field: refusal.field ?? 'legalBasis' });
}

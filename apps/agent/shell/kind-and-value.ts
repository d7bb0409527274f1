import { DomainError } from '#kernel';
import { kindNamed, type IndicatorKind } from '#indicators';

/** With a kind given a line is a value; without, it is `kind,value`. Kinds by any of their names. @throws KIND_UNKNOWN */
export function kindAndValue(line: number, text: string, kind: string | undefined): { readonly kind: IndicatorKind; readonly value: string } {
  if (kind !== undefined) {
    const named = kindNamed(kind);
    if (named === null) throw new DomainError('KIND_UNKNOWN', 'unknown kind', { option: '--kind' });
    return { kind: named.kind, value: text };
  }
  const comma = text.indexOf(',');
  const named = kindNamed(text.slice(0, Math.max(comma, 0)).trim());
  if (named === null) throw new DomainError('KIND_UNKNOWN', 'a line names no known kind', { line, expected: 'kind,value or --kind' });
  return { kind: named.kind, value: text.slice(comma + 1) };
}

/** Purpose and legal basis of a query: from the options, else from the environment; never made up. */
import { DomainError } from '#kernel';
import { PURPOSES, isCode, type Purpose, type StatedBasis } from '#protocol';
import { isStatedBasis } from '#sdk';
import type { Shell } from './shell.js';

export interface StatedOptions {
  readonly purpose?: string;
  readonly legalBasis?: string;
}

/** @throws BAD_INPUT when one is missing or not a word of the closed lists */
export function statedPurposeOf({ streams }: Shell, options: StatedOptions): { readonly purpose: Purpose; readonly legalBasis: StatedBasis } {
  const purpose = options.purpose ?? streams.env.TALLY_PURPOSE;
  if (!isCode(PURPOSES, purpose)) throw new DomainError('BAD_INPUT', 'purpose missing or unknown', { option: '--purpose', allowed: Object.keys(PURPOSES) });
  return { purpose, legalBasis: basisOf(options.legalBasis ?? streams.env.TALLY_LEGAL_BASIS ?? '') };
}

/** CODE, or CODE:law:article. */
function basisOf(text: string): StatedBasis {
  const [code, law, article] = text.split(':').map((part) => part.trim());
  const basis = { code, ...(law ? { law } : {}), ...(article ? { article } : {}) };
  if (!isStatedBasis(basis)) throw new DomainError('BAD_INPUT', 'legal basis missing or unknown', { option: '--legal-basis', expected: 'CODE or CODE:law:article' });
  return basis;
}

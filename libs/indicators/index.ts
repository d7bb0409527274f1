export { normalise, normalisers, isIndicatorKind, kindVersion, readIndicator } from './registry.js';
export type { Reading, ReadingHints } from './registry.js';
export { kindNamed } from './data/kind-words.js';
export { detectKind } from './detect-kind.js';
export { INDICATOR_KINDS, TEXT_BAND_KIND, WEAK_FORMS } from './normaliser.js';
export type {
  Bilingual, Entropy, Example, Form, FormKind, IndicatorKind, NormaliseResult, Normaliser, RejectExample, WeakFormKind, WeakVariant,
} from './normaliser.js';
export { REJECT_CODES, REJECT_TEXTS } from './reject-code.js';
export type { RejectCode, Rejection } from './reject-code.js';
export { brandWarning, TOKENISED_WARNING_LISTS, warningFor } from './warning.js';
export type { FederationPolicy, SubjectRole, TokenisedWarningList, Warning, WarningCode } from './warning.js';
export { BrandIndex } from './brands/index.js';
export type { Brand, BrandFinding, Imitation } from './brands/index.js';
export { plainText } from './text/plain-text.js';
export { bandsOf, textPiecesOf } from './texts/index.js';

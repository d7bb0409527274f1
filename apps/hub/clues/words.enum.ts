/** The network's closed lists as GraphQL enums: a purpose or role that is not a word of the network cannot be expressed. */
import { registerEnumType } from '@nestjs/graphql';
import { LEGAL_BASES, LEVELS, PURPOSES, RETRACTION_REASONS, ROLES, TLPS, type Bilingual } from '#protocol';

type Words = Readonly<Record<string, Bilingual>>;

export function enumOf<T extends Words>(name: string, description: string, words: T, without: readonly (keyof T)[] = []): { readonly [K in keyof T & string]: K } {
  const codes = Object.keys(words).filter((code) => !without.includes(code));
  const values = Object.fromEntries(codes.map((code) => [code, code])) as { readonly [K in keyof T & string]: K };
  registerEnumType(values, {
    name, description, valuesMap: Object.fromEntries(codes.map((code) => [code, { description: `${words[code]?.en ?? ''} · ${words[code]?.zh ?? ''}` }])) as never,
  });
  return values;
}

export const SubjectRoleEnum = enumOf('SubjectRole', 'In which role the subject of a clue stands. Victims and complainants never appear in a match.', ROLES);
export const ConfirmationLevelEnum = enumOf('ConfirmationLevel', 'How sure the publisher is. L0 stays local and has no word here.', LEVELS, ['L0']);
export const PurposeEnum = enumOf('Purpose', 'What data may be used for. There is no word for marketing or credit scoring.', PURPOSES);
export const LegalBasisCodeEnum = enumOf('LegalBasisCode', 'Legal basis after article 13 of the Personal Information Protection Law.', LEGAL_BASES);
export const TlpEnum = enumOf('Tlp', 'Handling after FIRST TLP 2.0. A clue is never CLEAR.', TLPS, ['CLEAR']);
export const RetractionReasonEnum = enumOf('RetractionReason', 'Why a clue is taken back.', RETRACTION_REASONS);

export const StrengthEnum = enumOf('Strength', 'How a form is derived from its indicator.', {
  EXACT: { zh: '规范形式本身', en: 'the canonical form itself' }, WEAK: { zh: '派生变体', en: 'a derived variant' },
});
export const BandEnum = enumOf('Band', 'How numbers of other members are told.', {
  ZERO: { zh: '无', en: 'none' }, ONE: { zh: '一家', en: 'one' }, TWO_OR_MORE: { zh: '两家及以上', en: 'two or more' },
});
export const ClueOutcomeEnum = enumOf('ClueOutcome', 'What became of one clue of a batch.', {
  ACCEPTED: { zh: '已接受', en: 'published' }, ALREADY_KNOWN: { zh: '已存在', en: 'the member has a live clue on this token' }, REFUSED: { zh: '已拒绝', en: 'not published' },
});
export const ClueStateEnum = enumOf('ClueState', 'Whether a clue takes part in matches.', {
  LIVE: { zh: '有效', en: 'live' }, RETRACTED: { zh: '已撤回', en: 'taken back' }, EXPIRED: { zh: '已过期', en: 'expired' },
});
export const RetractionOutcomeEnum = enumOf('RetractionOutcome', 'What became of one clue of a retraction.', {
  RETRACTED: { zh: '已撤回', en: 'taken back now' }, ALREADY_RETRACTED: { zh: '此前已失效', en: 'was no longer live' }, NOT_FOUND: { zh: '未找到', en: 'no clue of this member' },
});
export const OverlapStateEnum = enumOf('OverlapState', 'Whether an overlap stands.', {
  OPEN: { zh: '有效', en: 'stands' }, WITHDRAWN: { zh: '已撤回', en: 'a clue under it was taken back or has ended' },
});

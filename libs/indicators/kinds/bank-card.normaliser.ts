/** Payment card numbers (ISO/IEC 7812-1): 12 to 19 digits with a Luhn check digit, of a range that issues cards. Account numbers without a check digit are refused. */
import { issuerFinding } from '../data/card-ranges.js';
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { isResidentId } from '../text/resident-id.js';
import { luhnValid, plainDashes } from '../text/plain-text.js';
import { unlabelled } from '../text/wrapping.js';
import { asciiDigits } from '../text/written-digits.js';

const LABEL = /^[^\d*•●]+(?:\d{1,2}\s?[:：])?(?=\s?[\d*•●])/u;
const SHAPE = /^\d[\d\s._·,/-]*$/;
/** Two numbers of a card's length, whatever parts them. */
const SEVERAL = /^(?:\d[ -]?){13,19}[\s,;、/|和及或]+(?:\d[ -]?){13,19}$/u;

/** The bank or the holder behind the number: 6222... 工商银行. */
function withoutWords(text: string): string {
  const open = text.replace(/[)\]】]+$/u, '');
  const end = open.search(/\s?[\p{L}][^\d]*$/u);
  return end < 0 || /[x*•●]\d|\d[ex]/iu.test(open) ? open : open.slice(0, end).trim();
}

function normaliseCard(text: string): NormaliseResult {
  const bare = withoutWords(unlabelled(asciiDigits(plainDashes(text)), LABEL));
  if (/\d?[*•●]{2,}|[*•●]\d|\dx{2,}/iu.test(bare)) return rejection('MASKED');
  if (/^\d(?:\.\d+)?e\+?\d{1,3}$/i.test(bare)) return rejection('SCIENTIFIC_NOTATION');
  if (SEVERAL.test(bare)) return rejection('SEVERAL_VALUES');
  if (!SHAPE.test(bare)) return rejection('CARD_NOT_NUMERIC');
  const digits = bare.replace(/(?<=\d{12})\.0+$/, '').replace(/\D/g, '');
  if (digits.length < 12 || digits.length > 19) return rejection('CARD_LENGTH_INVALID');
  if (isResidentId(digits)) return rejection('RAW_ID_REFUSED'); // one identity number in ten passes the Luhn check as well
  if (/^(\d)\1*$/.test(digits)) return rejection('JUNK_VALUE');
  const issuer = issuerFinding(digits);
  if (issuer !== 'ok') return rejection(issuer === 'length' ? 'CARD_LENGTH_INVALID' : 'CARD_ISSUER_UNKNOWN');
  return luhnValid(digits) ? { forms: [exactForm('bank_card', digits)] } : rejection('CHECK_DIGIT_INVALID');
}

export const bankCardNormaliser: Normaliser = screened({
  kind: 'bank_card',
  version: 3,
  description: {
    en: 'payment card number with check digit',
    zh: '带校验位的银行卡号',
  },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 128,
  examples: () => [
    { raw: '6200 0000 0000 0005', canonical: '6200000000000005' },
    { raw: '卡号：6200-0000-0000-0005', canonical: '6200000000000005' },
    { raw: '６２０００００００００００００５', canonical: '6200000000000005' },
  ],
  rejects: () => [
    { raw: '6200000000000001', code: 'CHECK_DIGIT_INVALID' },
    { raw: '1234 5678 9012 3452', code: 'CARD_ISSUER_UNKNOWN' },
    { raw: '4111 1111 1111 116', code: 'CARD_LENGTH_INVALID' },
    { raw: '6200 00** **** 0005', code: 'MASKED' },
    { raw: '****6789', code: 'MASKED' },
    { raw: '6200000000000005/6250947000000014', code: 'SEVERAL_VALUES' },
    { raw: '6.2E+15', code: 'SCIENTIFIC_NOTATION' },
    { raw: '62000000', code: 'CARD_LENGTH_INVALID' },
    { raw: '0000000000000000', code: 'JUNK_VALUE' },
    { raw: '330328188909211624', code: 'RAW_ID_REFUSED' },
    { raw: '现金', code: 'CARD_NOT_NUMERIC' },
  ],
}, normaliseCard);

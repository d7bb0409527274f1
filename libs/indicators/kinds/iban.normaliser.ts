/** International bank account numbers (ISO 13616-1): upper case without blanks, length by country, check digits by ISO 7064 MOD 97-10. */
import { IBAN_LENGTHS } from '../data/iban-countries.js';
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { plainDashes } from '../text/plain-text.js';
import { unlabelled } from '../text/wrapping.js';

const LABEL = /^(?:iban|国际银行账号|国际账号|账号|帐号)(?: ?no\.?)? ?[:=]? ?(?=[a-z]{2} ?\d)/iu;

/** ISO 7064 MOD 97-10 over digits and letters (A = 10). The number is read in parts: no part exceeds 2^53. */
function remainder97(iban: string): number {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

function normaliseIban(text: string): NormaliseResult {
  const bare = unlabelled(plainDashes(text), LABEL);
  if (/[*•]{2,}/.test(bare)) return rejection('MASKED');
  if (/^[a-z]{2}\d{2}[0-9a-z -]{10,40}\s?[,;、/|]\s?[a-z]{2}\d{2}/i.test(bare)) return rejection('SEVERAL_VALUES');
  const iban = bare.replace(/[\s.-]/g, '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{1,30}$/.test(iban)) return rejection('IBAN_INVALID');
  const length = IBAN_LENGTHS.get(iban.slice(0, 2));
  if (length === undefined) return rejection('IBAN_COUNTRY_UNKNOWN');
  if (iban.length !== length) return rejection('IBAN_INVALID');
  const check = Number(iban.slice(2, 4)); // 00, 01 and 99 are never computed (ISO 13616-1 6.1)
  if (check < 2 || check > 98 || remainder97(iban) !== 1) return rejection('CHECK_DIGIT_INVALID');
  return { forms: [exactForm('iban', iban)] };
}

export const ibanNormaliser: Normaliser = screened({
  kind: 'iban',
  version: 2,
  description: { en: 'international bank account number', zh: '国际银行账号（IBAN）' },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 128,
  examples: () => [
    { raw: 'GB82 WEST 1234 5698 7654 32', canonical: 'GB82WEST12345698765432' },
    { raw: 'iban: fr1420041010050500013m02606', canonical: 'FR1420041010050500013M02606' },
    { raw: '【IBAN：GB82 WEST 1234 5698 7654 32】（巴克莱银行）', canonical: 'GB82WEST12345698765432' },
    { raw: 'ＣＨ93-0076-2011-6238-5295-7', canonical: 'CH9300762011623852957' },
  ],
  rejects: () => [
    { raw: 'GB829EST12345698765432', code: 'CHECK_DIGIT_INVALID' },
    { raw: 'GB82 WEST 1234 5698 7654', code: 'IBAN_INVALID' },
    { raw: 'US82WEST12345698765432', code: 'IBAN_COUNTRY_UNKNOWN' },
    { raw: 'GB82 WEST **** **** 7654 32', code: 'MASKED' },
    { raw: '6222020000000000000', code: 'IBAN_INVALID' },
  ],
}, normaliseIban);

/**
 * Unified social credit codes of Chinese organisations (GB 32100-2015): 18 characters of 0-9 and A-Z without I, O, S, V, Z, the last one a
 * check character. The letters that do not exist are read as the digits they were misread for; the check character then decides.
 * An identity number of a person has 18 characters as well: known by birth date and check character, it is refused before anything else.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { plainDashes } from '../text/plain-text.js';
import { unlabelled } from '../text/wrapping.js';
import { isResidentId } from '../text/resident-id.js';

const LABEL = /^(?:统一社会信用代码|社会信用代码|信用代码|统一代码|税号|纳税人识别号|营业执照(?:号码?|编号|注册号)?|注册号|uscc|usci|credit ?code|tax ?id) ?(?:号)?(?: ?\([^()]{0,16}\))? ?[:=]? ?/iu;
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'; // GB 32100-2015 table 1
/** Registering authority, class, administrative division of GB/T 2260 (10 = nationwide), organisation code of GB 11714, check. */
const SHAPE = /^[1-9A-GNY][1-9](?:1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-6]|71|8[12])\d{4}[0-9A-HJ-NP-RTUWXY]{10}$/;
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', Z: '2', S: '5' };

/** GB 32100-2015 4.5: C18 = (31 - sum(Ci * 3^(i-1)) mod 31) mod 31. */
function creditCodeCheck(body: string): string {
  let sum = 0;
  let weight = 1;
  for (const char of body) {
    sum += ALPHABET.indexOf(char) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

function normaliseOrgId(text: string): NormaliseResult {
  const bare = unlabelled(simplifiedHan(plainDashes(text)), LABEL);
  if (/[*•]{2,}/.test(bare)) return rejection('MASKED');
  if (/^\d(?:\.\d+)?e\+?\d{1,3}$/i.test(bare)) return rejection('SCIENTIFIC_NOTATION');
  const written = bare.replace(/[\s-]/g, '').toUpperCase();
  if (!/^[0-9A-Z]{18}$/.test(written)) return rejection('ORG_ID_INVALID');
  const code = written.replace(/[OIZS]/g, (letter) => MISREAD[letter] ?? letter);
  if (isResidentId(written)) return rejection('RAW_ID_REFUSED');
  if (/^(.)\1*$/.test(code)) return rejection('JUNK_VALUE');
  if (!SHAPE.test(code)) return rejection('ORG_ID_INVALID');
  return creditCodeCheck(code.slice(0, 17)) === code.charAt(17) ? { forms: [exactForm('org_id', code)] } : rejection('CHECK_DIGIT_INVALID');
}

export const orgIdNormaliser: Normaliser = screened({
  kind: 'org_id',
  version: 2,
  description: { en: 'unified social credit code of a Chinese organisation', zh: '统一社会信用代码' },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 128,
  examples: () => [
    { raw: '统一社会信用代码：91350100M000100Y43', canonical: '91350100M000100Y43' },
    { raw: '統一社會信用代碼（稅號）：91350100M000100Y43（存續）', canonical: '91350100M000100Y43' },
    { raw: '91350100-m000100y4-3', canonical: '91350100M000100Y43' },
    { raw: '913501OOM000100Y43', canonical: '91350100M000100Y43' },
  ],
  rejects: () => [
    { raw: '91350100M000100Y34', code: 'CHECK_DIGIT_INVALID' },
    { raw: '91350100M000100Y', code: 'ORG_ID_INVALID' },
    { raw: '11010118800101123X', code: 'ORG_ID_INVALID' },
    { raw: '110111188001010313', code: 'RAW_ID_REFUSED' },
    { raw: '91350100M0****0Y43', code: 'MASKED' },
    { raw: '无', code: 'PLACEHOLDER' },
  ],
}, normaliseOrgId);

/**
 * Number plates of mainland China (GA 36-2018): province, office letter, five characters, or six for new-energy vehicles. Serial numbers have
 * no I and no O, so these are read as 1 and 0. Plates of the armed forces, of embassies and temporary ones are not read.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { plainDashes } from '../text/plain-text.js';
import { unlabelled } from '../text/wrapping.js';

const LABEL = /^(?:车牌(?:号码?)?|牌照(?:号码?)?|车号|号牌|licen[cs]e ?plate|plate(?: ?no\.?)?) ?[:=]? ?/iu;
const SEPARATORS = /[\s.\u00b7\u2022\u2027\u2219\u22c5\u30fb-]/gu;
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼';
const SERIAL = '[0-9A-HJ-NP-Z]';
const PLATE = new RegExp(`^[${PROVINCES}][A-Z](?:${SERIAL}{4}(?:${SERIAL}|[学警港澳挂领试超])|[A-HJK]${SERIAL}\\d{4}|\\d{5}[A-HJK])$`, 'u');

function normalisePlate(text: string): NormaliseResult {
  const bare = unlabelled(simplifiedHan(plainDashes(text)), LABEL).replace(/^(\p{Script=Han}[a-z]) ?• ?/iu, '$1');
  if (/[*•?]{1,}/.test(bare)) return rejection('MASKED');
  const written = bare.replace(SEPARATORS, '').toUpperCase();
  const plate = written.slice(0, 2) + written.slice(2).replace(/O/g, '0').replace(/I/g, '1');
  if (!PLATE.test(plate)) return rejection('PLATE_INVALID');
  return /^..(.)\1+$/u.test(plate) && plate.endsWith('0') ? rejection('JUNK_VALUE') : { forms: [exactForm('licence_plate', plate)] };
}

export const licencePlateNormaliser: Normaliser = screened({
  kind: 'licence_plate',
  version: 2,
  description: { en: 'number plate of mainland China', zh: '中国大陆机动车号牌' },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 64,
  examples: () => [
    { raw: '京A·12B45', canonical: '京A12B45' },
    { raw: '京A•12B45（黑色）', canonical: '京A12B45' },
    { raw: '粵b 12345', canonical: '粤B12345' },
    { raw: '车牌号：沪ＡＤ１２３４５', canonical: '沪AD12345' },
    { raw: '粤Z·1234港', canonical: '粤Z1234港' },
    { raw: '苏E-1O2I4', canonical: '苏E10214' },
  ],
  rejects: () => [
    { raw: '京A1234', code: 'PLATE_INVALID' },
    { raw: 'A12345', code: 'PLATE_INVALID' },
    { raw: '京A12**5', code: 'MASKED' },
    { raw: '京A00000', code: 'JUNK_VALUE' },
  ],
}, normalisePlate);

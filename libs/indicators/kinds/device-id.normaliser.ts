/**
 * Device identifiers. The value alone often cannot tell an advertising id without dashes from a fingerprint of the same
 * length, so forms are named by what can be seen: `imei:`, `meid:`, `mac:`, `id16:` (Android id), `id32:` (UUIDs such as IDFA,
 * GAID, OAID; 32-digit fingerprints), `id64:` (long OAID), `fpjs:` (FingerprintJS Pro visitor id, case-sensitive).
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection, type RejectCode } from '../reject-code.js';
import { screened } from '../screen.js';
import { simplifiedHan } from '../text/han-fold.js';
import { luhnDigit, luhnValid, plainDashes } from '../text/plain-text.js';
import { bareValue } from '../text/wrapping.js';

const LABEL = /^(?:(?:手机|设备|移动)?(?:(?:imei|imsv|imeisv|meid)[ _-]?[12]?(?:号码?|码)?|idfa|idfv|gaid|aaid|adid|oaid|vaid|aid|uuid|udid|utdid|(?:android|安卓)[ _-]?(?:id|标识)|mac(?:[ _-]?addr(?:ess)?|地址)?|(?:device|visitor)[ _-]?id|(?:browser[ _-]?|浏览器)?(?:fingerprint|指纹)|fpjs|id16|id32|id64|设备(?:编?号|id|标识码?|指纹)?|串号|广告标识符?)(?: ?[:=] ?| (?=[0-9a-z])|(?<=imei)(?=\d{14})|(?<=[号码])(?=[0-9a-z]))|(?:imei|meid|mac|串号) ?\([^()]{0,12}\) ?[:=]? ?)/i;
const UUID = /^\{?([0-9a-f]{8})([-_ :]?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})\}?$/;
const MAC = /^[0-9a-f]{2}([:. _-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$|^[0-9a-f]{4}([:.-])[0-9a-f]{4}\2[0-9a-f]{4}$|^[0-9a-f]{6}[:-][0-9a-f]{6}$/;

/** Hexadecimal MEID as printed: A0000049-31B55F, A1 000049 31B55F. */
const MEID = /^[a-f][0-9a-f](?:[ -]?[0-9a-f]{6}){2}$/;
/**
 * Reporting bodies that begin an IMEI (GSMA TS.06): what tells one without its check digit, or with a software version, from any 14 or 16 digits.
 * No year of a timestamp is among them.
 */
const IMEI_BODY = /^(?:0[01]|10|3[035]|4[459]|5[0-4]|86|91|9[89])/;

/** Defaults of emulators, operating systems and opt-outs: one value, a multitude of devices. */
const JUNK = new Set([
  '9774d56d682e549c', // Android 2.2 bug, android issue 10603
  '020000000000', // MAC that Android 6+ and iOS 7+ hand to apps
  '012345678912345', '123456789012345', '012345678901234', '123456789012347', '004999010640000', '358240051111110', '490154203237518',
  '0123456789abcdef', '1234567890abcdef', 'deadbeefdeadbeef', 'ffffffffffffff', '10000000000000000000000000000000', '0123456789abcdef0123456789abcdef',
  '001122334455', '112233445566', '123456789abc', '0123456789ab', 'aabbccddeeff', 'abcdefabcdef',
]);

function isJunk(compact: string): boolean {
  return JUNK.has(compact) || /^(.)\1*$/.test(compact) || /^0{10,}.{1,2}$/.test(compact) || /^(?:0123456789|1234567890)+\d*$/.test(compact);
}

function imei(digits: string): { readonly value: string } | { readonly code: RejectCode } {
  if (isJunk(digits)) return { code: 'JUNK_VALUE' };
  if (digits.length === 15) return luhnValid(digits) ? { value: `imei:${digits}` } : { code: 'CHECK_DIGIT_INVALID' };
  // 14: the check digit was not transmitted (3GPP TS 23.003 6.2.1); 16: IMEISV, two digits of software version instead of it
  const body = digits.slice(0, 14);
  return { value: `imei:${body}${luhnDigit(body)}` };
}

function hexForm(hex: string): string | null {
  if (hex.length === 12) return `mac:${hex}`;
  if (hex.length === 14 && /[a-f]/.test(hex)) return `meid:${hex}`;
  return hex.length === 16 || hex.length === 32 || hex.length === 64 ? `id${String(hex.length)}:${hex}` : null;
}

/** TIA-1157: an MEID in decimal has ten digits for the manufacturer's eight hexadecimal ones and eight for the last six. */
function decimalMeid(digits: string): string | null {
  const high = Number(digits.slice(0, 10)).toString(16).padStart(8, '0');
  const low = Number(digits.slice(10)).toString(16).padStart(6, '0');
  return digits.length === 18 && high.length === 8 && low.length === 6 ? high + low : null;
}

/** Bare hexadecimal text behind the many ways to write it; null where it is none. */
function hexOf(bare: string, label: string): string | null {
  const lower = bare.toLowerCase().replace(/^(?:0x|urn:uuid:)/, '');
  const groups = UUID.exec(lower);
  if (groups !== null) return [1, 3, 4, 5, 6].map((group) => groups[group] ?? '').join('');
  const octets = lower.split(/[:\s_-]/);
  if (octets.length === 6 && octets.every((octet) => /^[0-9a-f]{1,2}$/.test(octet))) return octets.map((octet) => octet.padStart(2, '0')).join('');
  if (MAC.test(lower) || MEID.test(lower)) return lower.replace(/[^0-9a-f]/g, '');
  if (/^meid/i.test(label)) {
    const meid = lower.replace(/[\s-]/g, '');
    return /^\d{18}$/.test(meid) ? decimalMeid(meid) : /^[0-9a-f]{15}$/.test(meid) ? meid.slice(0, 14) : meid;
  }
  // Long.toHexString drops leading zeros of an Android id
  return /^android/i.test(label) && /^[0-9a-f]{12,15}$/.test(lower) ? lower.padStart(16, '0') : lower;
}

function normaliseDevice(text: string): NormaliseResult {
  const written = bareValue(simplifiedHan(plainDashes(text)));
  const label = LABEL.exec(written)?.[0] ?? '';
  const bare = bareValue(written.slice(label.length)).replace(/^(\d{15})\/\d{2}$/, '$1');
  if (/[*•]{2,}/.test(bare)) return rejection('MASKED');
  if (/^\d(?:\.\d+)?e\+?\d{1,3}$/i.test(bare) && bare.includes('.')) return rejection('SCIENTIFIC_NOTATION');
  if (/\d{14,16}\D(?:.*\D)?\d{14,16}/.test(bare)) return rejection('SEVERAL_VALUES');
  const digits = bare.replace(/[\s./-]/g, '');
  const isMac = MAC.test(bare.toLowerCase());
  const isImei = digits.length === 15 || /^(?:im|meid)/i.test(label) || digits !== bare || (label === '' && IMEI_BODY.test(digits));
  if (!isMac && /^\d{14,16}$/.test(digits) && isImei) {
    const result = imei(digits);
    return 'code' in result ? rejection(result.code) : { forms: [exactForm('device_id', result.value)] };
  }
  const hex = hexOf(bare, label);
  if (hex !== null && /^[0-9a-f]+$/.test(hex)) {
    if (isJunk(hex)) return rejection('JUNK_VALUE');
    const value = hexForm(hex);
    if (value !== null) return { forms: [exactForm('device_id', value)] };
  }
  if (/^[0-9A-Za-z]{20}$/.test(bare)) {
    return isJunk(bare.toLowerCase()) ? rejection('JUNK_VALUE') : { forms: [exactForm('device_id', `fpjs:${bare}`)] };
  }
  return rejection('DEVICE_FORM_UNKNOWN');
}

export const deviceIdNormaliser: Normaliser = screened({
  kind: 'device_id',
  version: 4,
  description: {
    en: 'identifier of a device or browser: IMEI, MEID, IDFA, AAID, OAID, Android id, MAC, fingerprint',
    zh: '设备或浏览器标识：IMEI、MEID、IDFA、AAID、OAID、Android ID、MAC、浏览器指纹',
  },
  entropy: 'high',
  weakForms: [],
  maxLength: 256,
  examples: () => [
    { raw: 'IMEI:001234567890128', canonical: 'imei:001234567890128' },
    { raw: '00-123456-789012-8', canonical: 'imei:001234567890128' },
    { raw: '6F9619FF-8B86-4D01-B42D-00CF4FC964FF', canonical: 'id32:6f9619ff8b864d01b42d00cf4fc964ff' },
    { raw: '6f9619ff8b864d01b42d00cf4fc964ff', canonical: 'id32:6f9619ff8b864d01b42d00cf4fc964ff' },
    { raw: '設備IMEI號：001234567890128（華為）', canonical: 'imei:001234567890128' },
    { raw: '6F9619FF_8B86_4D01_B42D_00CF4FC964FF', canonical: 'id32:6f9619ff8b864d01b42d00cf4fc964ff' },
    { raw: 'IMEISV: 00123456789012-77', canonical: 'imei:001234567890128' },
    { raw: '35209900176148', canonical: 'imei:352099001761481' },
    { raw: 'MEID: A0000049-31B55F', canonical: 'meid:a000004931b55f' },
    { raw: 'A0000049-31B55F', canonical: 'meid:a000004931b55f' },
    { raw: 'MEID 268435458302147167', canonical: 'meid:a000001720c35f' },
    { raw: 'urn:uuid:6f9619ff-8b86-4d01-b42d-00cf4fc964ff', canonical: 'id32:6f9619ff8b864d01b42d00cf4fc964ff' },
    { raw: '2:30:a2:d8:aa:f6', canonical: 'mac:0230a2d8aaf6' },
    { raw: 'android_id=fe5c02aaddb7ae2', canonical: 'id16:0fe5c02aaddb7ae2' },
    { raw: '02-30-A2-D8-AA-F6', canonical: 'mac:0230a2d8aaf6' },
    { raw: '0FE5C02AADDB7AE2 ', canonical: 'id16:0fe5c02aaddb7ae2' },
    { raw: 'ViFquq0gOYye4AJHfonQ', canonical: 'fpjs:ViFquq0gOYye4AJHfonQ' },
  ],
  rejects: () => [
    { raw: '00000000-0000-0000-0000-000000000000', code: 'JUNK_VALUE' },
    { raw: '9774d56d682e549c', code: 'JUNK_VALUE' },
    { raw: '02:00:00:00:00:00', code: 'JUNK_VALUE' },
    { raw: '001234567890123', code: 'CHECK_DIGIT_INVALID' },
    { raw: 'IMEI1:001234567890128 IMEI2:001234567890136', code: 'SEVERAL_VALUES' },
    { raw: 'iPhone 15', code: 'DEVICE_FORM_UNKNOWN' },
    { raw: '20260415093000', code: 'DEVICE_FORM_UNKNOWN' },
    { raw: 'null', code: 'PLACEHOLDER' },
  ],
}, normaliseDevice);

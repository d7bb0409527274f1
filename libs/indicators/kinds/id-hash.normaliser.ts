/**
 * SHA-256 of an identity number, made by the member under its own rules; 64 hexadecimal digits. A raw identity number is
 * refused and never hashed here: whoever hands one over must not be led to believe that it was safe to do so.
 */
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection } from '../reject-code.js';
import { screened } from '../screen.js';
import { unlabelled } from '../text/wrapping.js';

const PREFIX = /^(?:(?:id[ _-]?hash|hash|哈希值?|摘要)\s?[:=]\s?)?sha-?256\s?[:=]\s?/i;
/** Said before a number as well as before its hash; what follows decides. */
const ID_LABEL = /^(?:(?:居民)?身份证(?:件)?|居民身分證|身份證|身分證|证件|證件)(?:号码?|號碼?|哈希值?|摘要)? ?[:=]? ?/u;
const OTHER_ALGORITHM = /^(?:md5|sha-?1|sha-?384|sha-?512|sm3|hmac[a-z0-9-]*)\s?[:=]/i;
const RESIDENT_ID = /^\d{6}[ -]?\d{8}[ -]?\d{3}[\dx]$|^\d{15}$/i; // GB 11643: 18 characters; 15 digits until 1999
/** Hashes of nothing: of the empty string, of "0", "null", "NULL", "unknown", "N/A", "-" (SHA-256, ASCII). */
const HASHES_OF_NOTHING = new Set([
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9',
  '74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b',
]);

function normaliseHash(text: string): NormaliseResult {
  const bare = unlabelled(text, ID_LABEL);
  if (RESIDENT_ID.test(bare)) return rejection('RAW_ID_REFUSED');
  if (OTHER_ALGORITHM.test(bare)) return rejection('HASH_ALGORITHM_UNSUPPORTED');
  const hex = bare.replace(PREFIX, '').replace(/^0x/i, '').replace(/(?<=^[0-9a-f ]{8,80}) /gi, '').toLowerCase();
  if (RESIDENT_ID.test(hex)) return rejection('RAW_ID_REFUSED');
  if (!/^[0-9a-f]+$/.test(hex)) return rejection('HASH_NOT_HEX');
  if (hex.length !== 64) return rejection('HASH_LENGTH_INVALID');
  if (/^(.)\1*$/.test(hex) || HASHES_OF_NOTHING.has(hex)) return rejection('JUNK_VALUE');
  return { forms: [exactForm('id_hash', hex)] };
}

const SAMPLE = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-4 example, "abc"

export const idHashNormaliser: Normaliser = screened({
  kind: 'id_hash',
  version: 2,
  description: {
    en: 'SHA-256 of an identity number in the form that the alliance exchanges; never computed here, never printed',
    zh: '证件号码的 SHA-256 摘要（联盟交换格式）；本系统不计算、不打印',
  },
  entropy: 'enumerable',
  weakForms: [],
  maxLength: 256,
  examples: () => [
    { raw: `sha256:${SAMPLE}`, canonical: SAMPLE },
    { raw: ` ${SAMPLE.toUpperCase()}`, canonical: SAMPLE },
  ],
  rejects: () => [
    { raw: '110101188001011234', code: 'RAW_ID_REFUSED' },
    { raw: '11010118800101123X', code: 'RAW_ID_REFUSED' },
    { raw: '身份证号：110101188001011234', code: 'RAW_ID_REFUSED' },
    { raw: 'd41d8cd98f00b204e9800998ecf8427e', code: 'HASH_LENGTH_INVALID' },
    { raw: `sm3:${SAMPLE}`, code: 'HASH_ALGORITHM_UNSUPPORTED' },
    { raw: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', code: 'JUNK_VALUE' },
    { raw: '张三', code: 'HASH_NOT_HEX' },
  ],
}, normaliseHash);

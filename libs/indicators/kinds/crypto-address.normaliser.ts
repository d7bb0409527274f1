/**
 * Addresses of crypto-currencies by their own checks: Bitcoin and Litecoin base58check, bech32 (BIP 173) and bech32m (BIP 350), Dogecoin,
 * Ethereum-like chains (EIP-55), TRON. One address is one spelling: bech32 and hexadecimal in lower case, base58 as it is. Networks
 * for tests are refused; the family stands in front because one text can be two chains' address.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { bech32, bech32m, createBase58check } from '@scure/base';
import { exactForm, type NormaliseResult, type Normaliser } from '../normaliser.js';
import { rejection, type RejectCode } from '../reject-code.js';
import { screened } from '../screen.js';
import { unlabelled } from '../text/wrapping.js';

const base58check = createBase58check(sha256);
const LABEL = /^(?:(?:btc|bitcoin|比特币|ltc|litecoin|莱特币|doge|eth|erc-?20|bep-?20|trc-?20|trx|tron|波场|以太坊|usdt|usdc|泰达币|wallet|crypto|钱包|收款|充币|数字货币)(?:[-_ /]?(?:erc-?20|bep-?20|trc-?20|omni))?)(?: ?(?:addr(?:ess)?|地址))? ?(?:[:=] ?| )|^(?:wallet ?)?(?:address|地址) ?[:=] ?|^(?:bitcoin|litecoin|dogecoin|ethereum|tron):(?:pay-)?/iu;
/** The page of an address at a block explorer. */
const EXPLORER = /^https?:\/\/[\w.-]{4,64}\/(?:#\/)?(?:[a-z]{2,12}\/)?address\/([0-9A-Za-z]{25,90})(?:[/?#]\S*)?$/i;
/** First byte of a base58check payload: Bitcoin and Litecoin share 05 for scripts, so such an address is read as Bitcoin's. */
const VERSIONS: Readonly<Record<number, string>> = { 0x00: 'btc', 0x05: 'btc', 0x30: 'ltc', 0x32: 'ltc', 0x1e: 'doge', 0x16: 'doge', 0x41: 'tron' };
const TEST_VERSIONS = new Set([0x6f, 0xc4, 0x3a, 0x71, 0xa0]);
const TEST_PREFIX = /^(?:tb1|bcrt1|tltc1)/i;

type Found = { readonly value: string } | { readonly code: RejectCode };
const refused = (code: RejectCode): Found => ({ code });

/** EIP-55: mixed case must be the checksum; one case alone carries none. */
function ethereum(address: string): Found {
  const hex = address.slice(2);
  const lower = hex.toLowerCase();
  if (/^0*(?:dead|0|1)?$/.test(lower) || /^(.)\1*$/.test(lower)) return refused('JUNK_VALUE'); // zero, burn and precompiled addresses
  if (hex !== lower && hex !== hex.toUpperCase()) {
    const digest = bytesToHex(keccak_256(utf8ToBytes(lower)));
    for (let i = 0; i < 40; i++) {
      const char = hex.charAt(i);
      if (/[a-f]/i.test(char) && (char === char.toUpperCase()) !== (parseInt(digest.charAt(i), 16) > 7)) return refused('CHECK_DIGIT_INVALID');
    }
  }
  return { value: `eth:0x${lower}` };
}

function segwit(address: string): Found {
  if (address !== address.toLowerCase() && address !== address.toUpperCase()) return refused('CHECK_DIGIT_INVALID'); // BIP 173: mixed case
  const lower = address.toLowerCase();
  const decoded = bech32.decodeUnsafe(lower, 90);
  const words = decoded?.words ?? bech32m.decodeUnsafe(lower, 90)?.words;
  const version = words?.[0];
  if (words === undefined || version === undefined) return refused('CHECK_DIGIT_INVALID');
  if ((version === 0) !== (decoded !== undefined) || version > 16) return refused('CHECK_DIGIT_INVALID'); // BIP 350
  const program = bech32.fromWordsUnsafe(words.slice(1));
  if (!program || program.length < 2 || program.length > 40 || (version === 0 && program.length !== 20 && program.length !== 32)) return refused('CRYPTO_ADDRESS_INVALID');
  return { value: `${lower.startsWith('ltc1') ? 'ltc' : 'btc'}:${lower}` };
}

function base58(address: string): Found {
  let payload: Uint8Array;
  try {
    payload = base58check.decode(address);
  } catch {
    return refused('CHECK_DIGIT_INVALID');
  }
  const family = payload.length === 21 ? VERSIONS[payload[0] ?? -1] : undefined;
  if (family === undefined) return refused(TEST_VERSIONS.has(payload[0] ?? -1) ? 'CRYPTO_TEST_NETWORK' : 'CRYPTO_ADDRESS_INVALID');
  return payload.subarray(1).every((byte) => byte === 0) ? refused('JUNK_VALUE') : { value: `${family}:${address}` };
}

function addressOf(address: string): Found {
  if (TEST_PREFIX.test(address)) return refused('CRYPTO_TEST_NETWORK');
  if (/^0x[0-9a-f]{40}$/i.test(address)) return ethereum(`0x${address.slice(2)}`);
  if (/^(?:bc|ltc)1[02-9ac-hj-np-z]{6,87}$/i.test(address)) return segwit(address);
  if (/^41[0-9a-f]{40}$/i.test(address)) return base58(base58check.encode(Uint8Array.from(Buffer.from(address, 'hex')))); // TRON's own hexadecimal spelling
  if (/^[1-9A-HJ-NP-Za-km-z]{25,36}$/.test(address)) return base58(address);
  return refused('CRYPTO_ADDRESS_INVALID');
}

function normaliseCrypto(text: string): NormaliseResult {
  let bare = EXPLORER.exec(text)?.[1] ?? text;
  for (let before = ''; before !== bare;) {
    before = bare;
    bare = unlabelled(bare, LABEL);
  }
  bare = bare.replace(/@\d+(?:\/\w+)?(?:\?.*)?$|(?:\/\w+)?\?[a-z]+=.*$/i, '');
  if (/[*•]{2,}|\.{3}|…/.test(bare)) return rejection('MASKED');
  if (/\w{25,}[\s,;、/|]+\w{25,}/u.test(bare)) return rejection('SEVERAL_VALUES');
  const found = addressOf(bare);
  return 'code' in found ? rejection(found.code) : { forms: [exactForm('crypto_address', found.value)] };
}

export const cryptoAddressNormaliser: Normaliser = screened({
  kind: 'crypto_address',
  version: 2,
  description: { en: 'address of a crypto-currency: Bitcoin, Litecoin, Dogecoin, Ethereum and compatible chains, TRON', zh: '虚拟货币地址：比特币、莱特币、狗狗币、以太坊及兼容链、波场' },
  entropy: 'high',
  weakForms: [],
  maxLength: 256,
  examples: () => [
    { raw: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa', canonical: 'btc:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa' },
    { raw: 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4', canonical: 'btc:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4' },
    { raw: 'bitcoin:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0?amount=1', canonical: 'btc:bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0' },
    { raw: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', canonical: 'eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed' },
    { raw: '钱包地址：0X5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED', canonical: 'eth:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed' },
    { raw: 'USDT-TRC20: TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', canonical: 'tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
    { raw: '41a614f803b6fd780986a42c78ec9c7f77e6ded13c', canonical: 'tron:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t' },
  ],
  rejects: () => [
    { raw: '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb', code: 'CHECK_DIGIT_INVALID' },
    { raw: '0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', code: 'CHECK_DIGIT_INVALID' },
    { raw: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx', code: 'CRYPTO_TEST_NETWORK' },
    { raw: '0x0000000000000000000000000000000000000000', code: 'JUNK_VALUE' },
    { raw: 'TR7NHq...jLj6t', code: 'MASKED' },
    { raw: '币安账户', code: 'CRYPTO_ADDRESS_INVALID' },
  ],
}, normaliseCrypto);

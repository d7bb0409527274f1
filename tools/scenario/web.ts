/** Web addresses and mail under the reserved domain .example (RFC 2606), and invented accounts. */
import { fullWidthDigits, noise, plainNoise, type Maker, type Noise, type Value } from './maker.js';
import type { SeededRandom } from './random.js';

const WORDS = 'loan quick credit wallet safe union bonus trust swap verify repay easy fast pay fund asset chain gold star bank care help point card'.split(' ');
const PATHS = ['/', '/login', '/loan/apply', '/app/download', '/verify/account', '/h5/index.html', '/kf/online', '/m/repay'];
const host = (r: SeededRandom): string => `${r.pick(WORDS)}${r.chance(0.5) ? '-' : ''}${r.pick(WORDS)}${r.letters(3)}.${r.pick(['app', 'shop', 'cc', 'vip', 'online', 'xyz'])}.example`;

const upperHost = noise('upper_host', 'must', (v) => v.replace(/^https:\/\/[^/]+/, (head) => head.toUpperCase()));
const URL_NOISES: readonly Noise[] = [
  plainNoise,
  noise('frag', 'must', (v) => `${v}#top`),
  noise('pad', 'must', (v) => ` ${v} `),
  noise('port443', 'must', (v) => v.replace(/^(https:\/\/[^/]+)/, '$1:443')),
  upperHost,
];
export const urls: Maker = {
  type: 'url',
  letter: 'U',
  make(random) {
    const plain = `https://${host(random)}${random.pick(PATHS)}${random.chance(0.4) ? `?id=${String(random.between(1000, 9999))}` : ''}`;
    return { shape: 'url', plain, canonical: plain };
  },
  noises: () => URL_NOISES,
};

const EMAIL_NOISES: readonly Noise[] = [
  plainNoise,
  noise('upper_domain', 'must', (v) => v.replace(/@.*$/, (domain) => domain.toUpperCase())),
  noise('angle', 'must', (v) => `<${v}>`),
  noise('mailto', 'must', (v) => `mailto:${v}`),
  noise('pad', 'must', (v) => ` ${v}`),
];
export const emails: Maker = {
  type: 'email',
  letter: 'E',
  make(random) {
    const plain = `${random.letters(random.between(5, 8))}${random.digits(4)}@${host(random)}`;
    return { shape: 'email', plain, canonical: plain };
  },
  noises: () => EMAIL_NOISES,
};

interface Platform {
  readonly name: string;
  readonly templates: readonly string[];
  account(random: SeededRandom): string;
}
const ALNUM = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PLATFORMS: readonly Platform[] = [
  { name: 'wechat', templates: ['微信号：{}', 'WeChat: {}'], account: (r) => (r.chance(0.5) ? `wxid_${r.letters(10, ALNUM)}` : r.pick(['kf', 'wx', 'vip']) + r.letters(10, ALNUM)) },
  { name: 'qq', templates: ['QQ：{}', 'qq{}'], account: (r) => String(r.between(1, 3)) + r.digits(9) },
  { name: 'telegram', templates: ['@{}', 'Telegram: @{}'], account: (r) => `${r.pick(['kefu', 'help', 'vip'])}_${r.letters(7, ALNUM)}` },
  { name: 'douyin', templates: ['抖音号：{}', 'Douyin {}'], account: (r) => r.letters(2) + r.digits(9) },
  { name: 'whatsapp', templates: ['WhatsApp +{}', 'wa.me/{}'], account: (r) => `1${r.pick(['202', '303', '415', '512', '646', '808'])}55501${r.digits(2)}` },
  { name: 'alipay_uid', templates: ['支付宝UID：{}', 'alipay {}'], account: (r) => `2088${r.digits(12)}` },
];
function socialNoises(value: Value): readonly Noise[] {
  const templates = PLATFORMS.find((platform) => platform.name === value.shape)?.templates ?? [];
  return templates.flatMap((template, i) => {
    const plain = noise(`tpl${String(i)}`, 'must', (v) => template.replace('{}', v));
    return value.shape === 'qq' ? [plain, noise(`tpl${String(i)}_fw`, 'must', (v) => template.replace('{}', fullWidthDigits(v)))] : [plain];
  });
}
export const socials: Maker = {
  type: 'social',
  letter: 'O',
  make(random) {
    const platform = random.pick(PLATFORMS);
    const plain = platform.account(random);
    return { shape: platform.name, plain, canonical: `${platform.name}:${plain}` };
  },
  noises: socialNoises,
};

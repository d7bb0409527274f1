/**
 * Invented organisation names (region, brand, trade, legal form) and a few real ones that a caller claimed to represent:
 * those are names to match, nobody accuses them. Traditional spellings come from a table over this vocabulary alone.
 */
import { noise, type Maker, type Noise, type Value } from './maker.js';
import type { SeededRandom } from './random.js';
import { hongKong, traditional } from './traditional.js';

// VOCABULARY-START
const REGIONS = ('鞍山 泰州 张掖 吕梁 淄博 龙岩 山南 大同 韶关 衡水 攀枝花 荆门 常州 日照 陕西 宜宾 柳州 滁州 遵义 哈尔滨 台州 扬州 淮北 承德 玉林 许昌 西安 六盘水 白银 太原 '
  + '江门 铜川 吉林 沈阳 宁波 绍兴 芜湖 赣州 九江 烟台 潍坊 济宁 临沂 开封 洛阳 宜昌 襄阳 岳阳 常德 湛江 汕头 桂林 北海 海口 绵阳 泸州 昆明 曲靖 拉萨 兰州 银川 南宁 贵阳 包头').split(' ');
const BRAND = [...'鑫恒瑞铭博驰诚源众数骏达翔睿融汇创嘉安捷立晟华德福信通理盛隆宏森凯泽远顺鼎亿网云智联启航卓越优品聚贤荣昌裕丰泰和兴旺金辉'];
const TRADES = ('资产管理 数据服务 信息技术 信息科技 商业保理 法律咨询服务 网络科技 汽车服务 企业管理咨询 金融信息服务 商务咨询 融资担保 信用管理 债务咨询 财务顾问 电子商务 软件开发 文化传媒').split(' ');
const FORMS = ['有限公司', '有限公司', '有限公司', '有限责任公司', '股份有限公司', '集团有限公司'];
const CLAIMED = ('中国工商银行股份有限公司 中国农业银行股份有限公司 中国建设银行股份有限公司 招商银行股份有限公司 平安银行股份有限公司 兴业银行股份有限公司 中信银行 交通银行 '
  + '宁波银行 南京银行 江苏银行 上海银行 杭州银行 长沙银行 泰隆银行 渤海银行 浙商银行 华夏银行 广发银行 微众银行 网商银行 蚂蚁集团 京东科技 度小满 马上消费金融股份有限公司 招联消费金融股份有限公司 '
  + '中国移动 中国联通 中国电信 国家电网 顺丰速运 美团 滴滴出行 中国人寿保险股份有限公司 中国平安保险（集团）股份有限公司 新华人寿保险股份有限公司 泰康保险集团股份有限公司 阳光保险 众安在线财产保险股份有限公司 中国太平洋保险（集团）股份有限公司').split(' ');
// VOCABULARY-END

const named = (plain: string, shape: string): Value => ({ shape, plain, canonical: plain, ...(shape === 'claimed' ? { claimed: true } : {}) });

function invented(random: SeededRandom): Value {
  const [region, trade, form] = [random.pick(REGIONS), random.pick(TRADES), random.pick(FORMS)];
  const brand = Array.from({ length: random.between(2, 3) }, () => random.pick(BRAND)).join('');
  return named(random.chance(0.2) ? `${brand}（${region}）${trade}${form}` : `${region}${brand}${trade}${form}`, 'invented');
}

const HAN_PUNCTUATION = ['，', '。', '、', ';'];
const COMMON: readonly Noise[] = [
  noise('plain', 'must', (v) => v),
  noise('pad', 'must', (v) => `　${v} `),
  noise('trad_t', 'must', traditional),
  noise('trad_hk', 'must', hongKong),
  noise('label', 'should', (v) => `公司名称：${v}`),
  noise('punct', 'should', (v, r) => v + r.pick(HAN_PUNCTUATION)),
  noise('quotes', 'should', (v) => `“${v}”`),
  noise('space_inside', 'should', (v, r) => {
    const at = r.between(1, v.length - 1);
    return `${v.slice(0, at)} ${v.slice(at)}`;
  }),
];
const BRACKETED: readonly Noise[] = [
  ...COMMON.slice(1),
  noise('br_full', 'must', (v) => v),
  noise('br_half', 'must', (v) => v.replace('（', '(').replace('）', ')')),
];

export const organisations: Maker = {
  type: 'org_name',
  letter: 'N',
  make: (random) => (random.chance(0.06) ? named(random.pick(CLAIMED), 'claimed') : invented(random)),
  noises: (value) => (value.plain.includes('（') ? BRACKETED : COMMON),
  decoy(value, random) {
    if (value.claimed === true) return null;
    const region = REGIONS.find((word) => value.plain.startsWith(word) || value.plain.includes(`（${word}）`));
    const other = random.pick(REGIONS);
    if (region === undefined || region === other) return null;
    return { value: named(value.plain.replace(region, other), 'invented'), how: 'region_swap' };
  },
};

/**
 * Characters that a reader takes for one another, in groups; the first of a group stands for all. Version 2026-11.
 * Han: Unihan 15.0 kSpoofingVariant as far as its characters are in use in names, joined by pairs that differ in a stroke,
 * a radical or an enclosure (the shapes that SAMR's examples of misleading names use). Kana and symbols against Han, and Latin against Greek,
 * Cyrillic and digits: UTS #39 confusables, reduced to what fonts really draw alike.
 *
 * This folding is for finding imitations only. It never touches a canonical form: a look-alike is not a spelling.
 */
const HAN = [
  '国囯囻', '口囗ロ', '天夭兲𫯛', '工エ', '东车柬', '金釒钅', '信伩', '行衍', '农衣', '建健键', '交佼郊', '土士上', '微徽薇溦', '众从仌', '人入八ハ', '大太犬', '千干于乾', '王玉主壬', '日曰目', '田𫭂由',
  '末未', '己已巳', '力カ刀', '夕タ', '一ー', '二ニ', '三彡', '银锒', '招诏拓', '商啇', '平乎', '安侒', '发犮友', '民氏', '生𤯓', '光先', '广厂', '中申', '华桦', '浦蒲铺埔', '业亚', '支攴', '付什', '宝室',
  '京亰', '度渡', '美羙', '团困圑', '贝见', '钱线', '借惜', '贷货', '款欵', '服报', '客容', '官宫', '方万', '泰秦', '康庚', '财材', '富冨', '恒桓', '海悔', '深琛', '州洲', '宁宇', '城诚', '徐馀', '阳阴', '重熏',
  '昆崐', '仑伦', '滇填', '汉汗', '永氷', '山屮', '妹妺', '抹抺', '昧昩', '沫沬', '柿杮', '吉𠮷', '器𠾖', '味𠰌', '延𢌛', '十𬂛', '瑶瑤', '啓啟', '朏胐', '胊朐', '腾滕藤', '讯迅汛', '滴嘀', '拼姘', '多夛',
  '抖科', '音喑', '快块', '手毛', '分兮', '云亏', '闪闲', '期斯', '理埋', '资贸', '委秀', '用甩', '宜宣', '原厡', '邮邯', '储诸', '蓄畜', '陆陇', '拍柏', '拉垃', '花苍', '呗坝', '条奈',
];
const LATIN = [
  'aаɑαạąàáâãäåā', 'bЬьƄ', 'cсϲçć', 'dԁɗ', 'eеёéèêëēėęєє', 'fƒ', 'gɡģğ', 'hһнհ', 'iіíìîïīıΙ', 'jјʝ', 'kкκķ', 'l1|ⅼӏƖ', 'mм', 'nпոñńη', 'o0оοօóòôõöōø', 'pрρ', 'qԛ', 'rгŕř', 'sѕśšş$5', 'tтτţť',
  'uυսúùûüūц', 'vνѵ', 'wωшԝ', 'xхχ', 'yуγýÿ', 'zᴢžźż',
];
/** Several letters drawn like one; applied after the single ones. */
export const LATIN_LIGATURES: readonly (readonly [string, string])[] = [['vv', 'w'], ['rn', 'm'], ['cl', 'd'], ['nn', 'm']];

/** Each character's stand-in: the first of all that are joined to it, directly or through others. */
export const LOOK_ALIKES: ReadonlyMap<string, string> = (() => {
  const leader = new Map<string, string>();
  const find = (char: string): string => {
    let at = char;
    for (let next = leader.get(at); next !== undefined; next = leader.get(at)) at = next;
    return at;
  };
  for (const group of [...HAN, ...LATIN]) {
    const [first = '', ...others] = [...group];
    for (const other of others) {
      const [a, b] = [find(first), find(other)];
      if (a !== b) leader.set(b, a);
    }
  }
  return new Map([...leader.keys()].map((char) => [char, find(char)]));
})();

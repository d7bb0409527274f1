/**
 * Traditional spellings of the characters that the generator's own vocabulary uses (organisations.ts), and where Hong Kong
 * writes them differently. Standard correspondences (General Standard Chinese Characters 2013, annex 1); pairs of
 * simplified and traditional.
 */
const TRADITIONAL = '张張吕呂龙龍岩巖关關荆荊门門陕陝宾賓义義尔爾滨濱台臺扬揚许許盘盤银銀铜銅阳陽宁寧绍紹兴興芜蕪赣贛烟煙潍濰济濟临臨开開岳嶽头頭绵綿泸瀘萨薩兰蘭贵貴恒恆铭銘驰馳'
  + '诚誠众衆数數骏駿达達汇匯创創华華凯凱泽澤远遠顺順亿億网網云雲联聯启啓优優贤賢荣榮丰豐辉輝资資产產据據务務术術业業咨諮询詢络絡车車担擔债債财財顾顧问問电電软軟发發传傳'
  + '责責团團国國农農设設苏蘇长長广廣蚂螞蚁蟻东東满滿马馬费費动動运運寿壽险險线線';
const HONG_KONG = '台台众眾';

function pairs(text: string): Map<string, string> {
  const chars = [...text];
  return new Map(chars.flatMap((from, i) => (i % 2 === 0 ? [[from, chars[i + 1] ?? from] as const] : [])));
}
const general = pairs(TRADITIONAL);
const inHongKong = new Map([...general, ...pairs(HONG_KONG)]);

export const traditional = (text: string): string => [...text].map((char) => general.get(char) ?? char).join('');
export const hongKong = (text: string): string => [...text].map((char) => inHongKong.get(char) ?? char).join('');

/** `npm run bench -- names`: precision and recall of impersonation on both name-pair files, and tests a second against a registry of 500 brands. */
import path from 'node:path';
import { BrandIndex, type Brand } from '#indicators';
import type { BenchTable } from './bench.model.js';
import { judgeNamePairs } from './name-pairs.js';

const BRANDS = 500;
const NAMES = 20_000;

export function benchNames(shared: string): BenchTable[] {
  const { figures, byRelation } = judgeNamePairs(path.resolve(shared));
  return [
    {
      title: 'impersonation', head: ['', 'told', 'missed', 'falsely', 'of others', 'precision', 'recall'],
      rows: figures.map(({ name, told, missed, falselyTold, negatives, precision, recall }) => [name, told, missed, falselyTold, negatives, precision.toFixed(3), recall.toFixed(3)]),
    },
    { title: 'by relation', head: ['', 'strong', 'weak', 'own', 'none'], rows: Object.entries(byRelation).map(([relation, n]) => [relation, n.strong, n.weak, n.own, n.none]) },
    { title: 'speed', head: ['', 'tests a second'], rows: [[`${String(BRANDS)} brands`, Math.round(testsASecond())]] },
  ];
}

/** Made-up names of one shape: what is timed is the look-up, not the spelling. */
function testsASecond(): number {
  const han = (seed: number): string => String.fromCharCode(0x4e00 + (seed * 7919) % 8000);
  const brands = Array.from({ length: BRANDS }, (_, i): Brand => (
    { brandId: String(i), owner: 'm', names: [`${han(i)}${han(i + 31)}银行股份有限公司`], marks: [], latin: [`brand${String(i)}bank`], numbers: [], domains: [`brand${String(i)}.example`], accounts: [] }));
  const index = new BrandIndex(brands);
  const names = Array.from({ length: NAMES }, (_, i) => `武汉${han(i * 3)}${han(i * 5)}${han(i)}信息科技有限公司`);
  const start = process.cpuUsage();
  for (const name of names) index.test('org_name', name, name);
  const { user, system } = process.cpuUsage(start);
  return NAMES / ((user + system) / 1e6);
}

/** The agent's memory rests on it: whatever streams by, and however many threads have started, the young generation does not grow. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const dist = path.resolve('dist');
const PROGRAM = `
  import '${dist}/apps/agent/shell/small-heap.js';
  import v8 from 'node:v8';
  const { threadRunner } = await import('${dist}/libs/sdk/index.js');
  const runner = threadRunner(2);
  const nothing = { op: 'judge-vectors', weights: new Uint8Array(0), answers: [] };
  await Promise.all([runner.run(nothing), runner.run(nothing)]); // one for each thread
  let rows = [];
  for (let i = 0; i < 1_000_000; i += 1) { rows.push({ row: 'r' + i }); if (rows.length > 30_000) rows = []; }
  console.log(v8.getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
  process.exit(0);
`;

describe('the young generation of an agent with threads', () => {
  it('stays where it began', () => {
    const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(Number(run.stdout)).toBeGreaterThan(0);
    expect(Number(run.stdout)).toBeLessThanOrEqual(4 * 2 ** 20); // 34 MB when nobody holds it
  }, 30_000);
});

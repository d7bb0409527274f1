/** Runs one spec file in a scratch copy and says what its tests did, from Jest's own report. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TestRun } from './mutant.model.js';

export interface TestReport {
  readonly passed: number;
  readonly failed: readonly string[];
  /** Why no test could be judged: a file that does not compile, no such file, a dead process. */
  readonly fault: string | null;
}

interface JestReport {
  numPassedTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
}

const WITH_BUILD = new Set(['integration', 'e2e', 'federation']);
const TIME_LIMIT_MS = 300_000;

export function runTest(dir: string, test: TestRun): TestReport {
  if (!existsSync(path.join(dir, test.file))) return { passed: 0, failed: [], fault: `no file ${test.file}` };
  // Processes under test run the build; types are not judged here, a mutant may leave a name unused.
  if (WITH_BUILD.has(test.project)) spawnSync(process.execPath, ['tools/build/build.mjs'], { cwd: dir, stdio: 'ignore' });
  const report = path.join(dir, 'jest-report.json');
  rmSync(report, { force: true });
  const args = [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--selectProjects', test.project,
    '--runTestsByPath', test.file, '--json', `--outputFile=${report}`, '--silent', '--runInBand',
    ...(test.only === undefined ? [] : ['--testNamePattern', test.only.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]),
  ];
  const run = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8', timeout: TIME_LIMIT_MS, maxBuffer: 1 << 26 });
  if (!existsSync(report)) return { passed: 0, failed: [], fault: `Jest wrote no report: ${firstLine(run.stderr)}` };
  return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

function judge(report: JestReport): TestReport {
  const failed = report.testResults.flatMap((suite) => suite.assertionResults.filter((one) => one.status === 'failed').map((one) => one.fullName));
  if (report.numRuntimeErrorTestSuites > 0 && failed.length === 0) {
    return { passed: 0, failed, fault: firstLine(report.testResults.map((suite) => suite.message).join('\n')) };
  }
  if (report.numPassedTests + failed.length === 0) return { passed: 0, failed, fault: 'no test ran' };
  return { passed: report.numPassedTests, failed, fault: null };
}

const firstLine = (text: string): string => text.split('\n').map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('●'))?.slice(0, 300) ?? '';

/**
 * Runs one spec file in a scratch copy and says what its tests did, from Jest's own report. A test that fails half-way may leave
 * processes behind: each run is a process group of its own, ended as a whole.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CheckRun, SpecRun, TestRun } from './mutant.model.js';

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
const BUILD = ['tools/build/build.mjs'];
const TIME_LIMIT_MS = 180_000;

export function runTest(dir: string, test: TestRun): Promise<TestReport> {
  return 'check' in test ? runCheck(dir, test) : runSpec(dir, test);
}

async function runCheck(dir: string, { check }: CheckRun): Promise<TestReport> {
  await runGroup(dir, BUILD);
  const { status, said } = await runGroup(dir, check);
  if (status === 0) return { passed: 1, failed: [], fault: null };
  return status === 1 ? { passed: 0, failed: [firstLine(said)], fault: null } : { passed: 0, failed: [], fault: firstLine(said) };
}

async function runSpec(dir: string, test: SpecRun): Promise<TestReport> {
  if (!existsSync(path.join(dir, test.file))) return { passed: 0, failed: [], fault: `no file ${test.file}` };
  // Processes under test run the build; types are not judged here, a mutant may leave a name unused.
  if (WITH_BUILD.has(test.project)) await runGroup(dir, BUILD);
  const report = path.join(dir, 'jest-report.json');
  rmSync(report, { force: true });
  const { said } = await runGroup(dir, [
    '--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--selectProjects', test.project,
    '--runTestsByPath', test.file, '--json', `--outputFile=${report}`, '--silent', '--runInBand', '--forceExit',
    ...(test.only === undefined ? [] : ['--testNamePattern', test.only.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]),
  ]);
  if (!existsSync(report)) return { passed: 0, failed: [], fault: `Jest wrote no report: ${firstLine(said)}` };
  return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}

/** Resolves with exit status and standard error once the process has ended and its group was told to. */
function runGroup(dir: string, args: readonly string[]): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: dir, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-10_000); });
    const end = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      } catch {
        // the group has ended by itself
      }
    };
    const limit = setTimeout(end, TIME_LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(limit);
      end();
      resolve({ status, said });
    });
  });
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

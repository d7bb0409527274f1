/** The report: what was expected and found, how fast, and what anyone could have read along the way. */
import { writeFileSync } from 'node:fs';
import type { LeakReport } from './leak-check.js';
import type { Narrator, Stage } from './narrator.js';
import type { Judgement } from './scenario-truth.js';

export interface RowCounts {
  accepted: number;
  rejected: number;
  keptLocal: number;
  byCode: Record<string, number>;
}
export interface PackageVerdict {
  readonly verified: boolean;
  readonly contributors: number;
}
export interface DemoReport extends Judgement {
  readonly scenario: { readonly name: string; readonly rows: number };
  readonly weakOverlaps: number;
  readonly rows: RowCounts;
  /** Rows that truth calls `reject` and that were not refused; null without truth. */
  readonly unrefused: number | null;
  readonly stages: readonly Stage[];
  readonly package: PackageVerdict;
  readonly dumpScan: Pick<LeakReport, 'values' | 'tooShort' | 'found' | 'controlFound'>;
}

const MUST_SHARE = 0.999;
const SHOULD_SHARE = 0.99;

/** Every promise that the run did not keep; empty is a good run. */
export function brokenPromises(report: DemoReport): string[] {
  const broken: string[] = [];
  for (const [kind, levels] of Object.entries(report.overlaps ?? {})) {
    for (const [level, { expected, found }] of Object.entries(levels)) {
      const share = level === 'must' ? MUST_SHARE : SHOULD_SHARE;
      if (found < expected * share) broken.push(`${kind}, level ${level}: ${found} of ${expected} overlapping rows found`);
    }
  }
  if ((report.falseOverlaps ?? 0) > 0) broken.push(`${report.falseOverlaps} rows were reported that no other bank holds`);
  if ((report.unrefused ?? 0) > 0) broken.push(`${report.unrefused} rows that must never become a token were not refused`);
  if (!report.package.verified || report.package.contributors < 2) broken.push('the case package did not verify with at least two contributors');
  if (report.dumpScan.found > 0) broken.push(`${report.dumpScan.found} values were found in the clear`);
  if (!report.dumpScan.controlFound) broken.push('the scan missed its own control value: its zero proves nothing');
  return broken;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);

export function tellReport(report: DemoReport, narrator: Narrator): void {
  narrator.title('Report');
  const { accepted, rejected, keptLocal, byCode } = report.rows;
  narrator.say(`Rows: ${accepted} accepted, ${rejected} rejected, ${keptLocal} kept local (${report.scenario.name}).`);
  narrator.say(`Rejected by code: ${Object.entries(byCode).map(([code, n]) => `${code} ${n}`).join(', ') || 'none'}.`);
  if (report.overlaps === null) narrator.say('No truth beside this scenario: overlaps were not judged.');
  else {
    narrator.say('Overlapping rows found, of those expected:');
    for (const [kind, levels] of Object.entries(report.overlaps).sort()) {
      const text = Object.entries(levels).sort().map(([level, { expected, found }]) => `${level} ${found}/${expected} (${percent(found, expected)})`).join(', ');
      narrator.say(`  ${kind.padEnd(10)} ${text}`);
    }
    narrator.say(`Overlaps reported that do not exist: ${report.falseOverlaps}. Reject rows that slipped through: ${report.unrefused}. Weak overlaps: ${report.weakOverlaps}.`);
  }
  narrator.say(`Package: ${report.package.verified ? 'verified' : 'NOT verified'} by a process that holds only the file and the pinned keys; ${report.package.contributors} contributors.`);
  const { values, tooShort, found, controlFound } = report.dumpScan;
  narrator.say(`Dump scan: ${values} values looked for (${tooShort} too short to mean anything), ${found} found; control value ${controlFound ? 'found' : 'MISSED'}.`);
  narrator.say('Stages:');
  for (const stage of report.stages) {
    narrator.say(`  ${stage.name.padEnd(28)} ${stage.seconds.toFixed(2).padStart(8)} s${stage.rowsPerSecond === null ? '' : `  ${stage.rowsPerSecond} rows/s`}`);
  }
  const broken = brokenPromises(report);
  narrator.say(broken.length === 0 ? 'Every promise was kept.' : `BROKEN: ${broken.join('; ')}.`);
}

export function writeReport(file: string, report: DemoReport): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

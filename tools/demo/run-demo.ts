/** The order of the story. Each chapter says what happens and what it shows; the journeys themselves are in their own files. */
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeScenario } from '../scenario/folder.js';
import { FULL, SMALL } from '../scenario/plan.js';
import { DemoDatabase } from './demo-database.js';
import { DemoNetwork, HOLDERS } from './demo-network.js';
import type { DemoOptions } from './demo-options.js';
import { DemoParties } from './demo-parties.js';
import { brokenPromises, tellReport, writeReport, type DemoReport, type PackageVerdict } from './demo-report.js';
import { Drill } from './drill.js';
import { admitEverybody } from './journey-admission.js';
import { carryCase, type CaseStory } from './journey-case.js';
import { BankFiles, publishAll, readOverlaps, refusedRows } from './journey-publish.js';
import { scanForLeaks } from './leak-check.js';
import { Narrator } from './narrator.js';
import { readyCommands, readyParties } from './ready-file.js';
import { RunFolder } from './run-folder.js';
import { BANKS, readBankFile, ScenarioTruth } from './scenario-truth.js';
import { scannedValues } from './scanned-values.js';

export async function runDemo(options: DemoOptions, out: NodeJS.WritableStream): Promise<number> {
  const narrator = new Narrator(out);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(new StoppedBySignal(signal))); // a second Ctrl-C breaks no clean stop
  const run = RunFolder.open(options.dir, options.fresh);
  const demo = new Demo(options, run, narrator, stop);
  try {
    return await Promise.race([demo.tell(), rejected(stop.signal)]);
  } catch (error) {
    if (demo.isOver && stop.signal.aborted) return 0; // Ctrl-C ends a kept network: that is no fault
    if (!(error instanceof StoppedBySignal)) throw error;
    narrator.say(`Stopped by ${error.signal}.`);
    return 128 + constants.signals[error.signal];
  } finally {
    await demo.close();
  }
}

class StoppedBySignal extends Error {
  constructor(readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') { super(`stopped by ${signal}`); }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); });
}

class Demo {
  private database: DemoDatabase | null = null;
  private network: DemoNetwork | null = null;
  private starting: Promise<unknown> = Promise.resolve();
  isOver = false;

  constructor(
    private readonly options: DemoOptions, private readonly run: RunFolder, private readonly narrator: Narrator, private readonly stop: AbortController,
  ) {}

  async tell(): Promise<number> {
    const { narrator, options } = this;
    narrator.title('Tallystick: three banks, one clue network, one police liaison');
    narrator.say('Federation policy: SYNTHETIC. Invented names and digits only; production refuses this policy.');
    const scenario = await this.scenario();
    const starting = this.start();
    this.starting = starting;
    const { parties, network, database } = await starting;
    if (options.ready !== null && !options.keep) this.writeReady(parties);
    const drill = new Drill(options.drill, network, database, narrator);
    const files = new BankFiles(options.export ?? this.run.folder('export'));

    narrator.chapter('The banks publish. Values stay in each bank; the hub gets tokens and sealed details.');
    const published = await publishAll(this.run, parties, scenario, files, narrator, (bank) => {
      if (bank === 'a') drill.strike('keyholder', 1500);
      if (bank === 'b') { drill.strike('hub', 2500); drill.strike('worker', 3500); }
      if (bank === 'c') drill.strike('postgres', 2500);
    });
    narrator.chapter('Each bank reads its overlaps: bands, categories, levels and dates. Never who.');
    const shown = await narrator.stage('overlaps', () => readOverlaps(parties, files), (rows) => rows.a.length + rows.b.length + rows.c.length);
    for (const bank of BANKS) narrator.say(`${parties.bank(bank).title}: ${shown[bank].length} rows overlap, ${shown[bank].filter(({ strength }) => strength === 'weak').length} of them weakly.`);

    narrator.chapter('A joint case: proposed from an overlap, joined, contributed to, approved by two officers, sealed, delivered.');
    const story = await narrator.stage('joint case', () => carryCase({ run: this.run, parties, files, narrator, shown }));
    await drill.finish();

    narrator.chapter('What could anyone have read? Every table, job, log and data file is searched for every value.');
    const report = await this.report(scenario, files, published, shown, story);
    tellReport(report, narrator);
    if (options.json !== null) writeReport(options.json, report);
    if (options.keep) await this.linger(parties);
    this.isOver = true;
    return brokenPromises(report).length === 0 ? 0 : 1;
  }

  private async scenario(): Promise<string> {
    const { options, narrator } = this;
    if (options.scenario !== null) {
      narrator.say(`Scenario: ${options.scenario}`);
      for (const bank of BANKS) await readBankFile(options.scenario, bank); // a missing or unreadable file is told before anything starts
      return options.scenario;
    }
    const folder = this.run.folder('scenario');
    const written = writeScenario(folder, options.seed, options.small ? SMALL : FULL);
    narrator.say(`Scenario: generated with seed ${options.seed} in ${folder}; ${written.overlapping} entities overlap, ${written.decoys} decoys resemble one.`);
    return folder;
  }

  private async start(): Promise<{ parties: DemoParties; network: DemoNetwork; database: DemoDatabase }> {
    const { narrator, run } = this;
    const url = process.env['DATABASE_URL'];
    narrator.chapter('The network starts: PostgreSQL, token server, hub, worker, three key-holders (any two of them evaluate).');
    const database = await narrator.stage('start database', () => DemoDatabase.start(run, url === undefined || url === '' ? undefined : url));
    this.database = database;
    const { signal } = this.stop; // close() waits for the step under way; none follows it
    signal.throwIfAborted();
    await database.dropAbandoned(HOLDERS);
    const network = await DemoNetwork.prepare(run, database, (error) => this.stop.abort(error));
    this.network = network;
    signal.throwIfAborted();
    await narrator.stage('start services', () => network.startServices());
    if (run.kept) narrator.say('This is the network that was kept: its members, clues and cases are still there.');
    signal.throwIfAborted();
    const parties = await narrator.stage('make parties', () => DemoParties.create(run, network));
    if (!run.kept) {
      narrator.chapter('Five parties join: the secretariat first, everyone else admitted by two of its officers. Keys are pinned by fingerprint.');
      await narrator.stage('admit parties', () => admitEverybody(database, network, parties));
      signal.throwIfAborted();
      const pins = await narrator.stage('pin keys', () => parties.pinEachOther(network));
      narrator.say(`${parties.all.map(({ title }) => title).join(', ')}: ${pins} public files pinned; nothing is trusted because the hub served it.`);
    }
    signal.throwIfAborted();
    const alive = Array.from({ length: HOLDERS }, (_, i) => i + 1).filter((index) => index !== this.options.withoutHolder);
    await narrator.stage('start key-holders', () => Promise.all(alive.map((index) => network.startHolder(index))));
    narrator.say(`Key-holders ${alive.join(', ')} of ${HOLDERS} run; hub ${network.addresses.hub}, token server ${network.addresses.auth}.`);
    return { parties, network, database };
  }

  private async report(scenario: string, files: BankFiles, published: Awaited<ReturnType<typeof publishAll>>, shown: Awaited<ReturnType<typeof readOverlaps>>, story: CaseStory): Promise<DemoReport> {
    const { database, network, narrator, run } = this;
    const inputs = { a: await readBankFile(scenario, 'a'), b: await readBankFile(scenario, 'b'), c: await readBankFile(scenario, 'c') };
    const refused = { a: refusedRows(files, 'a'), b: refusedRows(files, 'b'), c: refusedRows(files, 'c') };
    const holders = Array.from({ length: HOLDERS }, (_, i) => i + 1).filter((index) => index !== this.options.withoutHolder);
    const leaks = await narrator.stage('dump scan', () => scanForLeaks({
      databases: [database!.admin(), ...holders.map((index) => database!.admin(database!.holderDatabase(index)))],
      dataDirectory: database!.dataDirectory, logFolder: network!.logFolder, logFile: network!.logFile('hub'),
      values: scannedValues(inputs, (bank) => refused[bank]),
    }));
    for (const place of leaks.places) narrator.say(`LEAK ${place}`);
    const truth = ScenarioTruth.read(scenario);
    const { overlaps, falseOverlaps } = truth?.judge(inputs, shown) ?? { overlaps: null, falseOverlaps: null };
    const verdict: PackageVerdict = story.verdict;
    return {
      scenario: { name: this.options.scenario === null ? `generated, seed ${this.options.seed}${this.options.small ? ', small' : ''}` : path.basename(path.resolve(run.base, scenario)), rows: published.total },
      overlaps, falseOverlaps,
      weakOverlaps: BANKS.reduce((sum, bank) => sum + shown[bank].filter(({ strength }) => strength === 'weak').length, 0),
      rows: published.rows,
      unrefused: truth === null ? null : BANKS.reduce((sum, bank) => sum + truth.unrefused(bank, refused[bank]), 0),
      stages: narrator.stages, package: verdict,
      dumpScan: { values: leaks.values, tooShort: leaks.tooShort, found: leaks.found, controlFound: leaks.controlFound },
    };
  }

  private writeReady(parties: DemoParties): void {
    this.network!.writeReady(this.options.ready!, { parties: readyParties(parties), commands: readyCommands(parties) });
  }

  private async linger(parties: DemoParties): Promise<void> {
    this.run.keep();
    if (this.options.ready !== null) this.writeReady(parties);
    this.isOver = true;
    const { addresses } = this.network!;
    this.narrator.title('The network stays up until Ctrl-C');
    this.narrator.lines([`hub ${addresses.hub}`, `token server ${addresses.auth}`, ...addresses.holders.map(({ id, url }) => `${id} ${url}`), '', ...readyCommands(parties)]);
    while (!this.stop.signal.aborted) await sleep(500);
  }

  async close(): Promise<void> {
    await this.starting.catch(() => undefined);
    await this.network?.stop();
    if (this.database !== null && !this.options.keep && !this.run.kept) await this.database.dropAll(HOLDERS).catch(() => undefined);
    await this.database?.stop();
    this.run.leave();
    if (!this.options.keep && !this.run.kept && this.isOver) this.run.remove();
  }
}

/** Puts the process together and takes it apart again. Fails before it listens when anything it stands on does not verify. */
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { chooseEngine, type HolderPins, parseHolderPins, publicJwk } from '#crypto';
import type { EventLog } from '#platform/logging';
import { CheckBatchService } from './check-batch.service.js';
import { EvaluateBatchService } from './evaluate-batch.service.js';
import { EpochStops } from './epoch-stops.js';
import { FastBatchRetention } from './fast-batch-retention.js';
import { FastBatchRepository } from './fast-batch.repository.js';
import { FastMode } from './fast-mode.js';
import { KeyRefusedError, readShare } from './key-material.js';
import type { KeyholderConfig } from './keyholder.config.js';
import { LedgerRepository } from './ledger.repository.js';
import { KeyholderMetrics } from './metrics.js';
import { migrateLedger } from './migrations/migrate.js';
import { createKeyholderServer } from './routes.js';
import { RequestAdmission } from './request-admission.js';
import { type EpochFiles, ServedEpochs } from './served-epochs.js';
import { readDocument } from './signed-manifest.js';
import { StatusWatch } from './status-watch.js';

export interface RunningKeyholder {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param onFatal called when the process must end although it already runs (the hub's cluster in production) */
export async function startKeyholder(config: KeyholderConfig, log: EventLog, onFatal: (error: Error) => void): Promise<RunningKeyholder> {
  const engine = await chooseEngine(config.engine, (reason) => log.warn('engine.fell-back', { to: 'libsodium', reason }));
  const files = await epochFiles(config);

  const database = new pg.Pool({ connectionString: withPassword(config), max: config.databasePool, application_name: 'tally-keyholder', connectionTimeoutMillis: 10_000, statement_timeout: 10_000 });
  database.on('error', (error) => log.error('database.connection-lost', error));
  const stops: (() => unknown)[] = [() => database.end()];
  try {
    await migrateLedger(database);
    const ledger = new LedgerRepository(database);
    const cluster = await ledger.clusterId();
    const ended = new EpochStops({ file: config.epochStopFile, pinsOf: (epoch) => pinsOf(files, epoch), federation: config.federationId, ledger, log, onStopped: (epoch) => epochs.release(epoch) });
    const epochs = new ServedEpochs({ files, engine, profile: config.profile, guard: ledger, threads: config.evaluationThreads, log, isStopped: (epoch) => ended.has(epoch) });
    await ended.start();
    stops.unshift(() => ended.stop(), () => epochs.stop());
    await epochs.start();
    const status = new StatusWatch({
      url: config.statusUrl, key: publicJwk(readDocument(config.statusKeyFile)), intervalMs: config.statusIntervalMs, log,
      onList: (list) => {
        if (config.profile !== 'production' || list.cluster !== cluster) return;
        const error = new KeyRefusedError('the ledger lies in the hub\'s cluster');
        onFatal(error);
        throw error;
      },
    });
    await status.start();
    stops.unshift(() => status.stop());
    const batches = new FastBatchRepository(database);
    const retention = new FastBatchRetention(batches, log);
    await retention.start();
    stops.unshift(() => retention.stop());
    const fast = new FastMode({ setting: config.fastMode, evidenceKey: config.evidenceKey, pinned: files.map(({ share, pins }) => ({ holderId: share.holderId, pins })), batches });
    const evaluation = { admission: new RequestAdmission({ epochs, status }), ledger, fast };
    const server = createKeyholderServer({
      evaluate: new EvaluateBatchService(evaluation), check: new CheckBatchService(evaluation),
      manifests: () => epochs.manifests(), metrics: new KeyholderMetrics(), log, socketTimeoutMs: config.socketTimeoutMs,
      ready: async () => ({ database: await ledger.isReady(), status: status.isFresh() }),
    });
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(config.httpPort, config.httpHost, resolve); });
    stops.unshift(() => new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 5_000).unref();
    }));
    return { url: `http://${config.httpHost}:${(server.address() as AddressInfo).port}`, stop: () => stopAll(stops) };
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

/** @throws KeyRefusedError for a share that is none, or a second epoch of which only part is given */
async function epochFiles(config: KeyholderConfig): Promise<[EpochFiles, ...EpochFiles[]]> {
  const { manifestFile, previousManifestFile, rosterFile, pinsFile, secondShare, secondShareFile, secondManifestFile, secondRosterFile, secondPinsFile } = config;
  const first = { share: await readShare(config), manifestFile, previousManifestFile, rosterFile, pins: parseHolderPins(readDocument(pinsFile)) };
  const second = [secondShare, secondShareFile, secondManifestFile, secondRosterFile];
  if (second.every((part) => part === undefined)) return [first];
  if (secondShare === undefined || secondShareFile === undefined || secondManifestFile === undefined || secondRosterFile === undefined) {
    throw new KeyRefusedError('a second epoch needs its share, its manifest and its roster');
  }
  const share = await readShare({ ...config, share: secondShare, shareFile: secondShareFile });
  const pins = secondPinsFile === undefined ? first.pins : parseHolderPins(readDocument(secondPinsFile));
  return [first, { share, manifestFile: secondManifestFile, previousManifestFile: undefined, rosterFile: secondRosterFile, pins }];
}

/** Of an epoch that is not answered here (any more): those of the first. */
function pinsOf(files: readonly [EpochFiles, ...EpochFiles[]], epoch: number): HolderPins {
  return (files.find(({ share }) => share.epoch === epoch) ?? files[0]).pins;
}

/** In order: stop listening, let requests finish, then release what they used. */
async function stopAll(stops: readonly (() => unknown)[]): Promise<void> {
  for (const stop of stops) await stop();
}

/** The password comes from a file, not from the environment's URL. */
function withPassword({ databaseUrl, databasePassword }: KeyholderConfig): string {
  return databasePassword === undefined ? databaseUrl : databaseUrl.replace(/^(\w+:\/\/[^:@/]+)@/, `$1:${encodeURIComponent(databasePassword)}@`);
}

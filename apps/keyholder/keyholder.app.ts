/** Puts the process together and takes it apart again. Fails before it listens when anything it stands on does not verify. */
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createSodiumEngine, type HolderPins, publicJwk } from '#crypto';
import type { EventLog } from '#platform/logging';
import { EvaluateBatchService } from './evaluate-batch.service.js';
import { EvaluationPool } from './evaluation.pool.js';
import { KeyRefusedError, readShare } from './key-material.js';
import type { KeyholderConfig } from './keyholder.config.js';
import { LedgerRepository } from './ledger.repository.js';
import { KeyholderMetrics } from './metrics.js';
import { migrateLedger } from './migrations/migrate.js';
import { createKeyholderServer } from './routes.js';
import { readDocument, SignedManifest } from './signed-manifest.js';
import { SignedRoster } from './signed-roster.js';
import { StatusWatch } from './status-watch.js';

export interface RunningKeyholder {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param onFatal called when the process must end although it already runs (the hub's cluster in production) */
export async function startKeyholder(config: KeyholderConfig, log: EventLog, onFatal: (error: Error) => void): Promise<RunningKeyholder> {
  const engine = await createSodiumEngine();
  const share = readShare(config);
  const pins = readDocument(config.pinsFile) as HolderPins;
  const manifest = new SignedManifest({ file: config.manifestFile, previousFile: config.previousManifestFile, share, pins, engine, profile: config.profile, log });
  await manifest.start();
  if (share.origin === 'dealer') log.warn('share.made-by-dealer', { holder: share.index });

  const database = new pg.Pool({ connectionString: withPassword(config), max: config.databasePool, application_name: 'tally-keyholder', connectionTimeoutMillis: 10_000, statement_timeout: 10_000 });
  database.on('error', (error) => log.error('database.connection-lost', error));
  const pool = new EvaluationPool(share, config.evaluationThreads);
  const stops: (() => unknown)[] = [() => manifest.stop(), () => pool.close(), () => database.end()];
  try {
    await migrateLedger(database);
    const ledger = new LedgerRepository(database);
    const cluster = await ledger.clusterId();
    const roster = new SignedRoster({ file: config.rosterFile, pins, federation: share.federation, epoch: share.epoch, guard: ledger, log });
    await roster.start();
    stops.unshift(() => roster.stop());
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
    const server = createKeyholderServer({
      evaluate: new EvaluateBatchService({ holderIndex: share.index, manifest, roster, status, ledger, pool }),
      manifest: () => manifest.jws, metrics: new KeyholderMetrics(), log, socketTimeoutMs: config.socketTimeoutMs,
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

/** In order: stop listening, let requests finish, then release what they used. */
async function stopAll(stops: readonly (() => unknown)[]): Promise<void> {
  for (const stop of stops) await stop();
}

/** The password comes from a file, not from the environment's URL. */
function withPassword({ databaseUrl, databasePassword }: KeyholderConfig): string {
  return databasePassword === undefined ? databaseUrl : databaseUrl.replace(/^(\w+:\/\/[^:@/]+)@/, `$1:${encodeURIComponent(databasePassword)}@`);
}

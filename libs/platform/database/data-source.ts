/**
 * One TypeORM DataSource a process. SQL is written by hand: `synchronize` is off and there are no entities.
 * Every statement has a deadline, so that a stuck peer cannot hold locks or connections for ever.
 */
import { DataSource } from 'typeorm';
import { DomainError } from '#kernel';
import { parseDatabaseUrl } from './connection-options.js';
import { judgeServer, OLDEST_MAJOR, serverVersion, type ServerVersion } from './server-version.js';

export interface DataSourceSettings {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** A statement may take this long; default 30 s. */
  readonly statementTimeoutMs?: number;
  /** Called once when the server works but is older than the one we test with. */
  readonly onOldServer?: (version: ServerVersion) => void;
  /** Called when an idle connection breaks (a database restart). Gets no statement and no values. */
  readonly onConnectionLost?: (error: Error) => void;
}

/** Opens the pool and checks that the server answers. Close with `destroy()`. */
export async function createDataSource(settings: DataSourceSettings): Promise<DataSource> {
  const target = parseDatabaseUrl(settings.url);
  const source = new DataSource({
    type: 'postgres',
    host: target.host, port: target.port, username: target.user, database: target.database,
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.ssl ? { ssl: target.ssl } : {}),
    synchronize: false, logging: false, installExtensions: false,
    applicationName: settings.applicationName,
    poolSize: settings.poolSize ?? 10,
    connectTimeoutMS: 10_000,
    // Without this listener a database restart ends the process (an unhandled `error` event of an idle client).
    poolErrorHandler: (error: Error) => settings.onConnectionLost?.(error),
    extra: {
      statement_timeout: settings.statementTimeoutMs ?? 30_000,
      lock_timeout: 10_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
    },
  });
  await source.initialize();
  const [row] = await source.query<{ num: number }[]>("select current_setting('server_version_num')::int as num");
  const version = serverVersion(row?.num ?? 0);
  const verdict = judgeServer(version);
  if (verdict === 'too-old') {
    await source.destroy();
    throw new DomainError('CONFIG_INVALID', `DATABASE_URL: PostgreSQL ${OLDEST_MAJOR} or newer is needed`, { major: version.major });
  }
  if (verdict === 'old') settings.onOldServer?.(version);
  return source;
}

/** Takes a PostgreSQL URL apart ourselves: TypeORM's own URL parser does not know unix sockets (`?host=/dir`). */
import { readFileSync } from 'node:fs';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly ssl: { readonly rejectUnauthorized: true; readonly ca: string | undefined } | undefined;
}

/**
 * Accepts postgresql://role[:password]@host[:port]/database and postgresql://role@/database?host=/socket/dir&port=5432,
 * with `sslmode=verify-full` and `sslrootcert=FILE`. Other sslmodes are refused: an unverified certificate protects nothing.
 */
export function parseDatabaseUrl(text: string): ConnectionOptions {
  // "user@/db" has an empty host, which WHATWG URL refuses for an authority with credentials.
  const url = new URL(text.replace(/^(postgres(?:ql)?:\/\/[^/?]*@)\//, '$1localhost/'));
  if (!/^postgres(ql)?:$/.test(url.protocol)) throw new TypeError('not a postgresql:// URL');
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && mode !== 'verify-full' && mode !== 'disable') throw new TypeError('sslmode must be verify-full or disable');
  const rootCert = url.searchParams.get('sslrootcert');
  return {
    host: url.searchParams.get('host') ?? url.hostname,
    port: Number(url.searchParams.get('port') ?? (url.port || 5432)),
    user: decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: mode === 'verify-full' ? { rejectUnauthorized: true, ca: rootCert === null ? undefined : readFileSync(rootCert, 'utf8') } : undefined,
  };
}

/** The same server, another role or database. */
export function withRole(text: string, role: string, password?: string): string {
  const userInfo = `${encodeURIComponent(role)}${password === undefined ? '' : `:${encodeURIComponent(password)}`}`;
  return text.replace(/^(postgres(?:ql)?:\/\/)(?:[^@/?]*@)?/, `$1${userInfo}@`);
}

export function withDatabase(text: string, database: string): string {
  return text.replace(/^(postgres(?:ql)?:\/\/[^/?]*\/)[^?]*/, `$1${encodeURIComponent(database)}`);
}

/** The same role with the password that a secret file held; unchanged without one (a trusted socket). */
export function withPassword(text: string, password: string | undefined): string {
  return password === undefined ? text : withRole(text, parseDatabaseUrl(text).user, password);
}

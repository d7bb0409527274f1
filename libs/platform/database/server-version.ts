/**
 * The server must know what our schema uses (views with their reader's eyes, grants without inheritance: PostgreSQL 16),
 * and should be no older than the one we test with, since minor releases mend security faults.
 */
export const OLDEST_MAJOR = 16;
/** Of the embedded server (package.json). */
const TESTED = { major: 18, minor: 4 } as const;

export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `server_version_num`: 180004 is 18.4. */
export function serverVersion(versionNum: number): ServerVersion {
  return { major: Math.floor(versionNum / 10_000), minor: versionNum % 10_000 };
}

export type ServerVerdict = 'good' | 'old' | 'too-old';

/** `old`: works, but an operator should be told. A newer major than ours is judged by nobody's minor. */
export function judgeServer({ major, minor }: ServerVersion): ServerVerdict {
  if (major < OLDEST_MAJOR) return 'too-old';
  return major < TESTED.major || (major === TESTED.major && minor < TESTED.minor) ? 'old' : 'good';
}

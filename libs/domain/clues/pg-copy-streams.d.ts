/** The part we use; the package brings no types. */
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';
  const copyStreams: { from(sql: string): Writable & Submittable; to(sql: string): Readable & Submittable };
  export default copyStreams;
}

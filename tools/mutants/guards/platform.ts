/** Transactions, jobs, configuration: what holds whatever the business above it does. */
import type { Mutant, TestRun } from '../mutant.model.js';

const REGISTRY = 'libs/platform/queue/job-registry.ts';
const JOBS: TestRun = { project: 'unit', file: 'libs/platform/queue/job-registry.spec.ts' };
const QUEUE: TestRun = { project: 'integration', file: 'libs/platform/queue/queue.int-spec.ts' };
const CONTEXT: TestRun = { project: 'integration', file: 'libs/platform/database/tenant-tx.int-spec.ts' };
const MIGRATION = 'migrations/1760000000001-platform.ts';

export const PLATFORM: readonly Mutant[] = [
  {
    name: 'jobs/missing-handler',
    guard: 'the worker does not start unless each job has a handler',
    edits: [{ file: REGISTRY, find: '      if (!this.handlers.has(name)) faults.push(`${name}: no handler`);\n', replace: '' }],
    test: JOBS,
  },
  {
    name: 'jobs/two-handlers',
    guard: 'the worker does not start when a job has two handlers',
    edits: [{ file: REGISTRY, find: '      else if (this.handlers.has(handler.job)) faults.push(`${handler.job}: more than one handler`);\n', replace: '' }],
    test: JOBS,
  },
  {
    name: 'effects/row-ignored',
    guard: 'a job that runs twice makes its effect once',
    edits: [{ file: 'libs/platform/queue/effects.ts', find: '    return inserted === 1;', replace: '    return inserted >= 0;' }],
    test: QUEUE,
  },
  {
    name: 'effects/no-unique-key',
    guard: 'of two rival runs one makes the effect',
    edits: [{ file: MIGRATION, find: 'effect_key text primary key check', replace: 'effect_key text check' }],
    test: QUEUE,
  },
  {
    name: 'context/signature-not-verified',
    guard: 'SQL injection cannot choose a member',
    edits: [{ file: MIGRATION, find: "    if not found or substr(signed, 65, 1) <> '.' or substr(signed, 1, 64) <>\n        encode(sha256(key.outer_pad || sha256(key.inner_pad || convert_to(payload, 'UTF8'))), 'hex') then", replace: '    if not found then' }],
    test: CONTEXT,
  },
  {
    name: 'context/other-transaction-accepted',
    guard: 'a context is good for one backend and one transaction',
    edits: [{ file: MIGRATION, find: "    if (claims ->> 'pid')::int <> pg_backend_pid() or claims ->> 'xid' is distinct from pg_current_xact_id_if_assigned()::text then", replace: '    if false then' }],
    test: CONTEXT,
  },
  {
    name: 'context/expiry-not-checked',
    guard: 'a context lives five seconds',
    edits: [{ file: MIGRATION, find: "    if (claims ->> 'exp')::numeric < extract(epoch from clock_timestamp()) * 1000 then", replace: '    if false then' }],
    test: CONTEXT,
  },
  {
    name: 'rls/idempotency-policy-opened',
    guard: 'a party sees its own rows only',
    edits: [{ file: MIGRATION, find: 'create policy own_read on platform.idempotency_key for select to tally_app using (party_id = (select sec.party()));', replace: 'create policy own_read on platform.idempotency_key for select to tally_app using (true);' }],
    test: CONTEXT,
  },
  {
    name: 'config/placeholder-accepted',
    guard: 'a placeholder is no secret in production',
    edits: [{ file: 'libs/platform/config/secret-file.ts', find: "  if (production && isPlaceholder(content)) throw new SecretFault('file holds a placeholder, not a secret');\n", replace: '' }],
    test: { project: 'unit', file: 'libs/platform/config/load-config.spec.ts' },
  },
];

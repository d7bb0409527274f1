import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuditIntake } from '#domain/audit';
import { CluesRepository, PublicationsRepository } from '#domain/clues';
import { MatchingRepository } from '#domain/overlaps';
import { PublishCluesFlow } from '#flows/publish-clues';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { aClue, aKey, aRegisteredParty, withTestDatabase } from '#testing';

const db = withTestDatabase();
const dir = mkdtempSync(path.join(tmpdir(), 'tally-match-'));
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

function file(name: string, content: string): string {
  const target = path.join(dir, name);
  writeFileSync(target, content, { mode: 0o600 });
  return target;
}

describe('overlaps.match', () => {
  it('runs in the worker process after publications have committed', async () => {
    const { tenant } = await db.app();
    const publish = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), new MatchingRepository(), new Idempotency(), new AuditIntake(), new Outbox());
    const banks = [(await aRegisteredParty('member').in(db.admin)).id, (await aRegisteredParty('member').in(db.admin)).id];
    for (const partyId of banks) {
      await publish.run({ partyId, role: 'member', clientId: partyId, purpose: null }, { idempotencyKey: randomUUID(), clues: [aClue({ on: 'both' }), aClue()] });
    }
    const worker = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../../dist/apps/worker/main.js')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH ?? '', TALLY_PROFILE: 'test', DATABASE_URL: db.url('tally_worker'), TALLY_LOG_FILE: path.join(dir, 'worker.log'),
        TALLY_CONTEXT_KEY_FILE: file('context.key', db.contextKeys.worker),
        TALLY_PACKAGE_KEY_FILE: file('package.jwk', JSON.stringify(aKey())),
      },
    });
    try {
      const open = async (): Promise<number> => (await db.admin("select from tally.publication where match_state <> 'DONE'")).length;
      for (const end = Date.now() + 45_000; await open() > 0 && Date.now() < end; await new Promise((resolve) => { setTimeout(resolve, 100); }));
      expect(await db.admin('select match_state from tally.publication')).toEqual([{ match_state: 'DONE' }, { match_state: 'DONE' }]);
      for (const id of banks) expect(await db.admin('select others, state from tally.overlap where member_id = $1', [id])).toEqual([{ others: 1, state: 'OPEN' }]);
    } finally {
      worker.kill('SIGKILL');
    }
  });
});

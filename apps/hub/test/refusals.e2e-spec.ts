/**
 * Generated from the access map: one cell for each operation x role (owner, a stranger of the same role, every role that
 * may not, nobody). A refusal leaves the state as it was; the owner's own request is sent last and must work.
 */
import { readFileSync } from 'node:fs';
import { PARTY_ROLES, type PartyRole } from '#protocol';
import { RefusalWorld, REFUSAL_CELLS, type CellRequest, type RefusalCell, type Sample } from './refusal-cells/index.js';
import { withHub, type Answer, type TestParty } from './support/hub-under-test.js';
import { StateDigest } from './support/state-digest.js';

interface MapRow { readonly operation: string; readonly public: string | null; readonly roles: readonly PartyRole[] }
const map = (JSON.parse(readFileSync('docs/generated/access-map.json', 'utf8')) as { operations: readonly MapRow[] }).operations;

const codeOf = ({ body, status }: Answer): string | null => {
  const shape = body as { errors?: { extensions?: { code?: string } }[]; code?: string } | null;
  return shape?.errors?.[0]?.extensions?.code ?? (status >= 400 ? shape?.code ?? `HTTP ${status}` : null);
};

describe('refusals', () => {
  const hub = withHub();
  let world: RefusalWorld;
  let state: StateDigest;
  beforeAll(async () => {
    world = await RefusalWorld.create(hub);
    state = await StateDigest.open(hub.db);
  });
  afterAll(() => state?.close());

  const send = (by: TestParty | null, { method, route, headers = {}, body }: CellRequest): Promise<Answer> => {
    const init = { headers: { ...headers }, ...(body === undefined ? {} : { body }) };
    return by === null ? hub.anonymous(method, route, init) : by.request(method, route, init);
  };
  const unchanged = async (act: () => Promise<void>, naming?: string): Promise<void> => {
    const before = await state.read(naming);
    await act();
    expect(await state.read(naming)).toEqual(before);
  };

  it('the digest of the state sees a changed row, so that "unchanged" means something', async () => {
    const before = await state.read();
    await hub.db.admin('update directory.party set changed_at = now() where id = $1', [world.lead.id]);
    expect(await state.read()).not.toEqual(before);
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['tally.clue', 'tally.joint_case', 'directory.act', 'audit.intake', 'platform.outbox']));
  });

  it('the map in docs/generated is the map of this hub, and each operation has its cell', async () => {
    const { AccessMap } = await import('#platform/auth');
    const served = hub.app.get(AccessMap).operations.map(({ name }) => name).sort();
    expect(map.map(({ operation }) => operation).sort()).toEqual(served);
    expect(Object.keys(REFUSAL_CELLS).sort()).toEqual(served);
  });

  for (const { operation, public: reason, roles } of map) {
    const cell = REFUSAL_CELLS[operation];
    if (cell === undefined) continue;
    if ('public' in cell) {
      it(`${operation}: nobody may, as declared (${reason}), and changes nothing`, async () => {
        expect(reason).not.toBeNull();
        await unchanged(async () => { expect(codeOf(await send(null, cell.public))).toBeNull(); });
      });
      continue;
    }
    describe(operation, () => {
      let sample: Sample;
      beforeAll(async () => { sample = await cell.sample(world); });
      const { owner } = cell satisfies RefusalCell;

      it('nobody: UNAUTHENTICATED', async () => {
        await unchanged(async () => { expect(codeOf(await send(null, sample.request))).toBe('UNAUTHENTICATED'); });
      });
      for (const role of PARTY_ROLES.filter((one) => !roles.includes(one))) {
        it(`${role}: FORBIDDEN`, async () => {
          await unchanged(async () => { expect(codeOf(await send(world.strangers[role], sample.request))).toBe('FORBIDDEN'); });
        });
      }
      const { foreign } = cell;
      if ('code' in foreign) {
        it(`another ${owner}: ${foreign.code}`, async () => {
          await unchanged(async () => { expect(codeOf(await send(world.strangers[owner], sample.foreignRequest ?? sample.request))).toBe(foreign.code); });
        });
      } else if ('apart' in foreign) {
        it(`another ${owner}: about itself only`, async () => {
          await unchanged(async () => {
            const answer = await send(world.strangers[owner], sample.foreignRequest ?? sample.request);
            expect([codeOf(answer), answer.status < 300]).toEqual([null, true]);
            for (const secret of sample.secrets ?? []) expect(answer.text).not.toContain(secret);
          }, world.owners[owner].id);
        });
      } else {
        it(`another ${owner}: may too (${foreign.shared})`, async () => {
          await unchanged(async () => { expect(codeOf(await send(world.strangers[owner], sample.request))).toBeNull(); });
        });
      }
      it(`${owner}, its own: works, and shows what the stranger must not see`, async () => {
        expect(roles).toContain(owner);
        const answer = await send(world.owners[owner], sample.request);
        expect([codeOf(answer), answer.status < 300]).toEqual([null, true]);
        for (const secret of sample.secrets ?? []) expect(answer.text).toContain(secret);
      });
    });
  }
});

/**
 * An epoch that follows another, at the hub: banks that publish, move, check and retract through the flows, officers that announce and stop,
 * and the worker that erases. At the top of a spec: `const rotation = new EpochRotation(withTestDatabase())`.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { signStatement, type PrivateJwk } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { ClueMovesRepository, CluesRepository, PublicationsRepository } from '#domain/clues';
import { EpochsRepository, type RegisteredEpoch } from '#domain/epochs';
import { PackagesRepository } from '#domain/liaison';
import { Directory, PartiesRepository } from '#domain/members';
import { MatchingRepository, OverlapsRepository } from '#domain/overlaps';
import { FinishPublicationFlow, PublishCluesFlow, TakeMovesFlow, type TakenChunk } from '#flows/publish-clues';
import { RetractClueFlow } from '#flows/retract-clue';
import { ChangeEpochFlow, EpochFederation, EpochRecords, PinnedHolders } from '#flows/rotate-epoch';
import type { ClueId, MemberId, PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import type { EpochAct } from '#protocol';
import { aRegisteredParty, someHolders, tokenOf, type ClueWords, type SignedDocument, type TestDatabase, type TestHolders, type TestPartyRecord, type TextWords } from '#testing';

export const ROTATING_FEDERATION = 'test-federation';
export const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } } as const;
export const matching = new MatchingRepository();
export const epochs = new EpochsRepository();

/** What the same value's token is in another epoch. */
export const inEpoch = (token: string, epoch: number): string => (epoch === 1 ? token : tokenOf(`${token} in epoch ${epoch}`));
export const actorOf = (id: string, role: Actor['role'] = 'member'): Actor => ({ partyId: id as MemberId, role, clientId: id, purpose: 'FRAUD_PREVENTION' });
export const request = (document: SignedDocument, jws: string) => ({ idempotencyKey: randomUUID(), document: JSON.stringify(document.jws), jws });

/** An officer's statement that announces an epoch, or stops it. */
export function act(epoch: number, digest: string, key: PrivateJwk, more: { stop?: true } & Partial<EpochAct> = {}): Promise<string> {
  const { stop, ...change } = more;
  const payload: EpochAct = { v: 1, federation: ROTATING_FEDERATION, epoch, digest, overlapDays: 30, time: new Date().toISOString(), ...change };
  return signStatement(stop ? 'tally-epoch-stop-order+1' : 'tally-epoch-announce+1', { ...payload }, key);
}

export class RotatingBank {
  constructor(readonly id: MemberId, private readonly db: TestDatabase) {}
  get actor(): Actor {
    return actorOf(this.id);
  }

  async publish(epoch: number, ...clues: (ClueWords | TextWords)[]) {
    const { tenant } = await this.db.app();
    const flow = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), matching, new Idempotency(), new AuditIntake(), new Outbox());
    const published = await flow.run(this.actor, {
      idempotencyKey: randomUUID(), clues: clues.map((clue) => ({
        ...clue, epoch, forms: clue.forms.map((form) => ({ ...form, token: inEpoch(form.token, epoch) })), ...('bands' in clue ? { bands: clue.bands.map((band) => inEpoch(band, epoch)) } : {}),
      })),
    });
    await this.match(published.publicationId);
    return published;
  }

  /** What `tally vault retokenise` sends: the same ids, new tokens, a detail sealed anew; of a text its bands. */
  async move(epoch: number, clues: readonly (ClueWords | TextWords)[], slice = 100): Promise<TakenChunk> {
    const { tenant } = await this.db.app();
    const publicationId = uuidv7() as PublicationId;
    const lines = clues.map(({ clueId, kindVersion, forms, ...rest }) => JSON.stringify({
      clueId, epoch, kindVersion, forms: forms.map((form) => ({ ...form, token: inEpoch(form.token, epoch) })),
      ...('bands' in rest ? { bands: rest.bands.map((band) => inEpoch(band, epoch)) } : { detail: randomBytes(296).toString('base64url') }),
    }));
    const take = new TakeMovesFlow(tenant, new ClueMovesRepository(), new PublicationsRepository(), new AuditIntake());
    const body = (): AsyncIterable<Buffer> => Readable.from([Buffer.from(`${lines.join('\n')}\n`)]);
    const taken = await take.run(this.actor, { publicationId, seq: 0 }, body());
    expect(await take.run(this.actor, { publicationId, seq: 0 }, body())).toEqual(taken);
    await new FinishPublicationFlow(tenant, new PublicationsRepository(), new AuditIntake(), new Outbox()).run(this.actor, publicationId, 1);
    await this.match(publicationId, slice);
    return taken;
  }

  async match(publication: PublicationId, slice = 100): Promise<void> {
    const { system } = await this.db.worker();
    await system.run((tx) => matching.matchTextSlice(tx, this.id, publication, null, 100));
    while (!(await system.run((tx) => matching.matchSlice(tx, this.id, publication, slice))).done);
  }

  async retract(...clueIds: string[]): Promise<void> {
    const { tenant } = await this.db.app();
    const flow = new RetractClueFlow(tenant, new CluesRepository(), matching, new Idempotency(), new AuditIntake(), new PackagesRepository());
    await flow.run(this.actor, { idempotencyKey: randomUUID(), clueIds: clueIds as ClueId[], reason: 'FALSE_POSITIVE' });
  }

  async check(...tokens: string[]): Promise<string[]> {
    const { tenant } = await this.db.app();
    return (await tenant.run(this.actor, (tx) => matching.check(tx, STATED, tokens))).answers.map(({ band }) => band);
  }

  /** As an agent asks while two epochs go on. */
  async checkBoth(...names: string[]) {
    const { tenant } = await this.db.app();
    const former = names.map(tokenOf);
    return tenant.run(this.actor, (tx) => matching.check(tx, STATED, former.map((token) => inEpoch(token, 2)), former));
  }

  async overlaps() {
    const { tenant } = await this.db.app();
    return (await tenant.run(this.actor, (tx) => new OverlapsRepository().list(tx, this.id, { first: 100, after: null }, null))).items.map(({ node }) => node);
  }

  async events(): Promise<string[]> {
    const { tenant } = await this.db.app();
    return (await tenant.run(this.actor, (tx) => new OverlapsRepository().events(tx, { first: 100, after: null }))).items.map(({ node }) => node.kind);
  }
}
export class EpochRotation {
  holders!: TestHolders;
  coordinator!: TestPartyRecord;

  constructor(readonly db: TestDatabase) {}

  async begin(): Promise<void> {
    this.holders = await someHolders(ROTATING_FEDERATION);
    this.coordinator = await aRegisteredParty('coordinator').in(this.db.admin);
  }

  /** Three banks that alone are active, and a register without an epoch. */
  async threeBanks(): Promise<[RotatingBank, RotatingBank, RotatingBank]> {
    await this.db.admin("update directory.party set status = 'EXPELLED' where role = 'member'");
    await this.db.admin('delete from tally.epoch; delete from tally.epoch_stop; delete from tally.epoch_erasure');
    const bank = async (): Promise<RotatingBank> => new RotatingBank((await aRegisteredParty('member').in(this.db.admin)).id as MemberId, this.db);
    return [await bank(), await bank(), await bank()];
  }

  async flow(pinned: TestHolders | null = this.holders): Promise<ChangeEpochFlow> {
    const { tenant } = await this.db.app();
    const records = new EpochRecords(new AuditIntake(), new Idempotency(), new Outbox());
    return new ChangeEpochFlow(tenant, epochs, new Directory(), new PartiesRepository(), records, new PinnedHolders(pinned?.pins ?? null), new EpochFederation(ROTATING_FEDERATION));
  }

  officer(): PrivateJwk {
    return this.coordinator.officers[0]!.key;
  }

  async announce(epoch: number, overlapDays = 30): Promise<RegisteredEpoch[]> {
    const manifest = this.holders.manifest(epoch);
    return (await this.flow()).announce(actorOf(this.coordinator.id, 'coordinator'), request(manifest, await act(epoch, manifest.digest, this.officer(), { overlapDays })));
  }

  async stop(epoch: number): Promise<RegisteredEpoch[]> {
    const document = this.holders.stop(epoch);
    return (await this.flow()).stop(actorOf(this.coordinator.id, 'coordinator'), request(document, await act(epoch, document.digest, this.officer(), { stop: true, overlapDays: 0 })));
  }

  /** Lets the overlap with an epoch end, as if its days had passed. */
  overlapEnds(epoch: number): Promise<unknown> {
    return this.db.admin("update tally.epoch set announced_at = announced_at - interval '90 days', overlap_until = now() - interval '6 minutes' where epoch = $1", [epoch]);
  }

  /** Runs the erasures that are due, in small slices, each one time too often. */
  async erase(slice = 2): Promise<void> {
    const { system } = await this.db.worker();
    for (const { erasure_id: id } of await this.db.admin<{ erasure_id: string }>(`select erasure_id from tally.epoch_erasure d where finished_at is null
        and (reason = 'STOP' or exists (select from tally.epoch e where e.epoch = d.epoch and e.overlap_until < now())) order by epoch`)) {
      while (!(await system.run((tx) => epochs.eraseSlice(tx, id, slice))).done);
      expect(await system.run((tx) => epochs.eraseSlice(tx, id, slice))).toMatchObject({ examined: 0, erased: 0, done: true, coordinator: null });
    }
  }

  /** Everything that could still be tried against a key of these tokens' epoch. */
  async traces(...tokens: string[]): Promise<string[]> {
    const found: string[] = [];
    const columns = await this.db.admin<{ name: string }>(`select format('%I.%I %I', table_schema, table_name, column_name) as name
      from information_schema.columns where table_schema in ('tally', 'platform', 'audit', 'directory') and data_type in ('bytea', 'text', 'jsonb')`);
    for (const { name } of columns) {
      const [table, column] = name.split(' ');
      const rows = await this.db.admin(`select from ${table} t where to_jsonb(t) ->> $1 ~ $2`, [column!.replaceAll('"', ''), tokens.join('|')]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  }
}

/** A member as the hub meets it while epochs change: publishes, moves, asks, through the flows and under the application's and the worker's roles. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { ClueMovesRepository, CluesRepository, PublicationsRepository } from '#domain/clues';
import { PackagesRepository } from '#domain/liaison';
import { MatchingRepository, OverlapsRepository } from '#domain/overlaps';
import { FinishPublicationFlow, PublishCluesFlow, TakeMovesFlow, type TakenChunk } from '#flows/publish-clues';
import { RetractClueFlow } from '#flows/retract-clue';
import type { ClueId, MemberId, PublicationId } from '#kernel';
import type { Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { tokenOf, type ClueWords, type TestDatabase } from '#testing';

const matching = new MatchingRepository();
const STATED = { purpose: 'FRAUD_PREVENTION', legalBasis: { code: 'PUBLIC_INTEREST' } } as const;

export const inEpoch = (token: string, epoch: number): string => (epoch === 1 ? token : tokenOf(`${token} in epoch ${epoch}`));

export class BankInEpochs {
  constructor(private readonly db: TestDatabase, readonly id: MemberId) {}

  get actor(): Actor {
    return { partyId: this.id, role: 'member', clientId: this.id, purpose: STATED.purpose };
  }

  async publish(epoch: number, ...clues: ClueWords[]) {
    const { tenant } = await this.db.app();
    const flow = new PublishCluesFlow(tenant, new CluesRepository(), new PublicationsRepository(), matching, new Idempotency(), new AuditIntake(), new Outbox());
    const published = await flow.run(this.actor, {
      idempotencyKey: randomUUID(), clues: clues.map((clue) => ({ ...clue, epoch, forms: clue.forms.map((form) => ({ ...form, token: inEpoch(form.token, epoch) })) })),
    });
    await this.match(published.publicationId);
    return published;
  }

  /** What `tally vault retokenise` sends: the same ids, new tokens, a detail sealed anew. */
  async move(epoch: number, clues: readonly ClueWords[], slice = 100): Promise<TakenChunk> {
    const { tenant } = await this.db.app();
    const publicationId = uuidv7() as PublicationId;
    const lines = clues.map(({ clueId, kindVersion, forms }) => JSON.stringify({
      clueId, epoch, kindVersion, forms: forms.map((form) => ({ ...form, token: inEpoch(form.token, epoch) })), detail: randomBytes(296).toString('base64url'),
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

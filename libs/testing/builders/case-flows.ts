/** The flows of a joint case wired by hand on the roles' own connections, and the honest steps that lead to a package. */
import { randomUUID } from 'node:crypto';
import { AuditIntake } from '#domain/audit';
import { CaseApprovals, CasesRepository, ContributionsRepository } from '#domain/cases';
import { CluesRepository } from '#domain/clues';
import { InboxCursor, PackagesRepository, ReceiptsRepository } from '#domain/liaison';
import { Directory } from '#domain/members';
import { MatchingRepository } from '#domain/overlaps';
import { AcknowledgePackageFlow, BuildPackageFlow, FetchPackageFlow, ReadInboxFlow, ReportOutcomeFlow, SendTestPackageFlow } from '#flows/deliver-package';
import { AnswerInvitationFlow, ApproveCaseFlow, ContributeFlow, ProposeCaseFlow, ReadCaseFlow, WithdrawCaseFlow } from '#flows/joint-case';
import { RetractClueFlow } from '#flows/retract-clue';
import { keyIdOf, publicJwk, sealContribution, sha256Hex, signStatement, type PrivateJwk } from '#crypto';
import type { Json, OutboxId, PackageId } from '#kernel';
import { Idempotency } from '#platform/idempotency';
import { Effects, Outbox, type JobRun } from '#platform/queue';
import { TrustedKeys, partySubject, verifyPackage, type VerifiedPackage } from '#sdk';
import type { RoleAccess, TestDatabase } from '../database/test-database.js';
import { aKey } from './case-package.builder.js';
import { plantOverlap, type CaseWorld, type WorldParty } from './case-world.builder.js';

export interface CaseFlows {
  readonly propose: ProposeCaseFlow;
  readonly answer: AnswerInvitationFlow;
  readonly contribute: ContributeFlow;
  readonly approve: ApproveCaseFlow;
  readonly withdraw: WithdrawCaseFlow;
  readonly read: ReadCaseFlow;
  readonly sendTest: SendTestPackageFlow;
  readonly inbox: ReadInboxFlow;
  readonly fetch: FetchPackageFlow;
  readonly acknowledge: AcknowledgePackageFlow;
  readonly outcome: ReportOutcomeFlow;
  readonly build: BuildPackageFlow;
  readonly retract: RetractClueFlow;
  readonly hubKey: PrivateJwk;
  readonly app: RoleAccess;
  readonly worker: RoleAccess;
}

export async function caseFlows(db: TestDatabase): Promise<CaseFlows> {
  const [app, worker] = [await db.app(), await db.worker()];
  const [cases, contributions, packages, receipts] = [new CasesRepository(), new ContributionsRepository(), new PackagesRepository(), new ReceiptsRepository()];
  const [directory, audit, outbox, once, hubKey] = [new Directory(), new AuditIntake(), new Outbox(), new Idempotency(), aKey()];
  return {
    app, worker, hubKey,
    propose: new ProposeCaseFlow(app.tenant, cases, directory, audit, once),
    answer: new AnswerInvitationFlow(app.tenant, cases, audit, once),
    contribute: new ContributeFlow(app.tenant, cases, contributions, audit),
    approve: new ApproveCaseFlow(app.tenant, new CaseApprovals(cases, contributions), packages, directory, audit, outbox, once),
    withdraw: new WithdrawCaseFlow(app.tenant, cases, packages, audit, once),
    read: new ReadCaseFlow(app.tenant, cases, contributions, packages, receipts, directory),
    sendTest: new SendTestPackageFlow(app.tenant, packages, directory, audit, outbox, once),
    inbox: new ReadInboxFlow(app.tenant, new InboxCursor(Buffer.alloc(32, 3))),
    fetch: new FetchPackageFlow(app.tenant, packages, audit),
    acknowledge: new AcknowledgePackageFlow(app.tenant, packages, receipts, cases, directory, audit),
    outcome: new ReportOutcomeFlow(app.tenant, packages, receipts, cases, directory, audit),
    retract: new RetractClueFlow(app.tenant, new CluesRepository(), new MatchingRepository(), once, audit, packages),
    build: new BuildPackageFlow(worker.system, new Effects(worker.system), outbox, hubKey),
  };
}

export const aRun = (id = randomUUID() as OutboxId): JobRun => ({ outboxId: id, attempt: 1, effectKey: (name) => (name === undefined ? id : `${id}:${name}`) });
const now = (): string => new Date().toISOString();

export class CaseSteps {
  constructor(readonly db: TestDatabase, readonly flows: CaseFlows, readonly world: CaseWorld) {}

  async recipients(): Promise<{ agency: string; key: string }[]> {
    return [{ agency: this.world.liaison.id, key: keyIdOf(this.world.liaison.seal) }];
  }

  /** A proposes from an overlap with B, by its officer 0. */
  async proposed(lead: WorldParty = this.world.a, others: readonly WorldParty[] = [this.world.b]): Promise<string> {
    const [overlapId] = await plantOverlap(this.db, [lead, ...others]);
    const caseId = randomUUID();
    const statement = { v: 1, case: caseId, lead: lead.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' },
      liaison: this.world.liaison.id, time: now() };
    const jws = await signStatement('tally-proposal+1', statement, lead.officers[0]!);
    await this.flows.propose.run(lead.actor, { jws, overlapIds: [overlapId!], recipients: await this.recipients(), idempotencyKey: randomUUID() });
    return caseId;
  }

  async opened(): Promise<string> {
    const caseId = await this.proposed();
    await this.flows.answer.run(this.world.b.actor, { caseId, answer: 'JOIN', idempotencyKey: randomUUID() });
    return caseId;
  }

  async contribution(caseId: string, member: WorldParty, text = 'row,kind,value\r\n1,phone,13800000000\r\n'): Promise<{ id: string; handlingFloor: string; facets: Json; jwe: unknown; opening: string }> {
    const id = randomUUID();
    const facets = { kinds: ['phone'], evidence: ['INDICATORS'], items: 1 };
    const bytes = Buffer.from(text);
    const opening = Buffer.alloc(32, 9).toString('base64url');
    const payload = { v: 1, id, case: caseId, member: member.id, recipients: await this.recipients(), purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' },
      handlingFloor: 'AMBER', opening, contents: [{ path: 'rows.csv', mediaType: 'text/csv', size: bytes.length, sha256: sha256Hex(bytes), blob: bytes.toString('base64url') }],
      objects: [], custody: [], contactDesk: { name: 'Desk', nameZh: '窗口', phone: '1', email: 'desk@bank.example' }, limitations: [], facets };
    const jwe = await sealContribution(payload as Json, { evidence: member.evidence, officer: member.officers[0]! }, [publicJwk(this.world.liaison.seal)]);
    return { id, handlingFloor: 'AMBER', facets, jwe, opening };
  }

  async contributed(): Promise<string> {
    const caseId = await this.opened();
    for (const member of [this.world.a, this.world.b]) {
      const { opening: _opening, ...body } = await this.contribution(caseId, member);
      await this.flows.contribute.run(member.actor, caseId, body);
    }
    return caseId;
  }

  async approval(caseId: string, officer: PrivateJwk, change: Record<string, Json> = {}): Promise<string> {
    const view = await this.flows.read.one(this.world.a.actor, caseId);
    const { jointCase, approvable } = view;
    const statement = { v: 1, case: caseId, package: jointCase.packageId, digest: approvable?.digest ?? '0'.repeat(64), recipients: jointCase.recipients as unknown as Json,
      purpose: jointCase.purpose, time: now(), ...change };
    return signStatement('tally-approval+1', statement as Json, officer);
  }

  async approve(caseId: string, party: WorldParty, officer: PrivateJwk, change: Record<string, Json> = {}): ReturnType<ApproveCaseFlow['run']> {
    return this.flows.approve.run(party.actor, { caseId, jws: await this.approval(caseId, officer, change), idempotencyKey: randomUUID() });
  }

  async approved(): Promise<{ caseId: string; packageId: PackageId }> {
    const caseId = await this.contributed();
    await this.approve(caseId, this.world.a, this.world.a.officers[1]!);
    const { packageId } = await this.approve(caseId, this.world.coordinator, this.world.coordinator.officers[0]!);
    return { caseId, packageId: packageId as PackageId };
  }

  async receipt(packageId: string, kind: string, change: Record<string, Json> = {}): ReturnType<AcknowledgePackageFlow['run']> {
    const { liaison } = this.world;
    const rows = await this.db.admin<{ digest: string; sha256: string | null }>(
      `select k.digest, (select r.sha256 from tally.receipt r where r.package_id = k.package_id order by r.seq desc limit 1) as sha256 from tally.package k where k.package_id = $1`, [packageId]);
    const statement = { v: 1, id: randomUUID(), package: packageId, digest: rows[0]!.digest, kind, previous: rows[0]!.sha256, officerReference: 'P-1', reason: '', time: now(), openings: [], ...change };
    return this.flows.acknowledge.run(liaison.actor, await signStatement('tally-receipt+1', statement as Json, liaison.evidence));
  }

  /** What the liaison's own verifier says, with exactly the keys that people pinned. */
  async verify(bytes: Uint8Array): Promise<VerifiedPackage> {
    const pin = async (subject: string, use: string, jwk: PrivateJwk, name: string, role?: string) =>
      ({ subject, use, kid: keyIdOf(jwk), jwk: publicJwk(jwk), name, pinnedAt: '2026-01-01T00:00:00.000Z', ...(role === undefined ? {} : { role }) });
    const { a, b, c, coordinator, liaison } = this.world;
    const pins = await Promise.all([pin('hub', 'package', this.flows.hubKey, 'Hub'), ...[a, b, c, coordinator].flatMap((party) => [
      pin(partySubject(party.id), 'evidence', party.evidence, party.name, party.role), ...party.officers.map((key) => pin(partySubject(party.id), 'officer', key, party.name, party.role))])]);
    return verifyPackage(bytes, { agency: liaison.id, sealKey: liaison.seal, trusted: await TrustedKeys.from(pins) });
  }

  /** A test package, sent, built, fetched and accepted. */
  async testAccepted(): Promise<void> {
    const { packageId } = await this.flows.sendTest.run(this.world.coordinator.actor, { liaisonId: this.world.liaison.id, idempotencyKey: randomUUID() });
    await this.flows.build.handle({ packageId: packageId as PackageId }, aRun());
    await this.flows.fetch.open(this.world.liaison.actor, packageId);
    await this.receipt(packageId, 'RECEIVED');
    await this.receipt(packageId, 'ACCEPTED');
  }
}

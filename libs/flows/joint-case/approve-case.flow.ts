/**
 * Four eyes before anything is sealed or sent: two officers' statements over the digest of what will be sent, one of the lead
 * member who did not propose, one of the coordinator. The second approval freezes the payload and asks the worker to build.
 */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CasesRepository, ContributionsRepository, approvalSide, assertBound, assertSecondPair, casePayload, digestOf, moveCase, type JointCase } from '#domain/cases';
import { PackagesRepository } from '#domain/liaison';
import { Directory } from '#domain/members';
import { DomainError, canonicalJson, type CaseId, type Json } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { parseApproval, type EnvelopePayload } from '#protocol';

export interface ApproveCase {
  readonly caseId: string;
  /** Officer's statement, typ tally-approval+1. */
  readonly jws: string;
  readonly idempotencyKey: string;
}
export interface Approved { readonly caseId: string; readonly approvals: number; readonly packageId: string | null }

@Injectable()
export class ApproveCaseFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly contributions: ContributionsRepository,
    private readonly packages: PackagesRepository, private readonly directory: Directory, private readonly audit: AuditIntake, private readonly outbox: Outbox,
    private readonly idempotency: Idempotency) {}

  /** @throws DomainError FOUR_EYES_REQUIRED, DIGEST_MISMATCH, SIGNATURE_INVALID, STATE_CONFLICT, EVIDENCE_INSUFFICIENT, TEST_PACKAGE_REQUIRED, NOT_FOUND */
  run(actor: Actor, { idempotencyKey, ...input }: ApproveCase): Promise<Approved> {
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'approveCase', key: idempotencyKey, request: input },
      () => this.approve(tx, actor, input.caseId as CaseId, input.jws)));
  }

  private async approve(tx: Tx, actor: Actor, caseId: CaseId, jws: string): Promise<Approved> {
    const jointCase = await this.cases.lock(tx, caseId);
    const proposal = jointCase && (await this.cases.proposal(tx, caseId));
    if (!jointCase || !proposal) throw new DomainError('NOT_FOUND', 'case');
    const officer = await this.directory.officerByKey(tx, claimedKeyId(jws));
    if (!officer) throw new DomainError('FOUR_EYES_REQUIRED', 'not the key of an officer');
    const statement = parseApproval((await verifyStatement('tally-approval+1', jws, officer.jwk)).payload);
    const side = approvalSide(officer, actor, proposal);
    const lines = await this.contributions.lines(tx, caseId);
    const payload = casePayload(jointCase, proposal, lines);
    const digest = digestOf(payload);
    assertBound(statement, jointCase, digest);
    moveCase(jointCase.state, 'approve');
    if (lines.length === 0) throw new DomainError('EVIDENCE_INSUFFICIENT', 'a case without contributions');
    if (!(await this.packages.liaisonReady(tx, jointCase.liaisonId))) throw new DomainError('TEST_PACKAGE_REQUIRED', 'liaison');
    assertSecondPair(await this.contributions.approvals(tx, caseId, digest), side, officer.kid);
    await this.contributions.approve(tx, actor.partyId, caseId, { side, officerKid: officer.kid, digest, jws });
    await this.audit.append(tx, { kind: 'case.approved', case: caseId, digest, side, officer: officer.officerId });
    return this.completeIfBoth(tx, actor, jointCase, payload, digest);
  }

  private async completeIfBoth(tx: Tx, actor: Actor, jointCase: JointCase, payload: EnvelopePayload, digest: string): Promise<Approved> {
    const approvals = await this.contributions.approvals(tx, jointCase.id, digest);
    if (approvals.length < 2) return { caseId: jointCase.id, approvals: approvals.length, packageId: null };
    await this.cases.move(tx, jointCase.id, moveCase(jointCase.state, 'approve'));
    const approved = { ...payload, approvals: approvals.map((one) => one.jws) };
    await this.packages.add(tx, actor.partyId, { id: jointCase.packageId, kind: 'CASE', caseId: jointCase.id, liaisonId: jointCase.liaisonId,
      payload: canonicalJson(approved as unknown as Json) });
    await this.outbox.append(tx, 'packages.build', { packageId: jointCase.packageId });
    await this.cases.tell(tx, jointCase.id, 'CASE_APPROVED');
    return { caseId: jointCase.id, approvals: approvals.length, packageId: jointCase.packageId };
  }
}

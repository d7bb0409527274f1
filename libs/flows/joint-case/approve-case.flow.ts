/**
 * Four eyes before anything is sealed or sent: two officers' statements over the digest of what will be sent, one of the lead
 * member who did not propose, one of the coordinator. The second approval freezes the payload and asks the worker to build.
 */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CaseApprovals, approvalSide, assertBound, assertSecondPair, moveCase, type ApprovableCase, type Approval } from '#domain/cases';
import { PackagesRepository } from '#domain/liaison';
import { Directory, type Officer } from '#domain/members';
import { DomainError, canonicalJson, type CaseId, type Json } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { parseApproval } from '#protocol';

export interface ApproveCase {
  readonly caseId: string;
  /** Officer's statement, typ tally-approval+1. */
  readonly jws: string;
  readonly idempotencyKey: string;
}
export interface Approved { readonly caseId: string; readonly approvals: number; readonly packageId: string | null }

@Injectable()
export class ApproveCaseFlow {
  constructor(private readonly tenant: TenantTx, private readonly approvals: CaseApprovals, private readonly packages: PackagesRepository,
    private readonly directory: Directory, private readonly audit: AuditIntake, private readonly outbox: Outbox, private readonly idempotency: Idempotency) {}

  /** @throws DomainError FOUR_EYES_REQUIRED, DIGEST_MISMATCH, SIGNATURE_INVALID, STATE_CONFLICT, EVIDENCE_INSUFFICIENT, TEST_PACKAGE_REQUIRED, NOT_FOUND */
  run(actor: Actor, { idempotencyKey, ...input }: ApproveCase): Promise<Approved> {
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'approveCase', key: idempotencyKey, request: input },
      () => this.approve(tx, actor, input.caseId as CaseId, input.jws)));
  }

  private async approve(tx: Tx, actor: Actor, caseId: CaseId, jws: string): Promise<Approved> {
    const approvable = await this.approvals.lock(tx, caseId);
    const officer = await this.officerOf(tx, jws);
    const statement = parseApproval((await verifyStatement('tally-approval+1', jws, officer.jwk)).payload);
    const side = approvalSide(officer, actor, approvable.proposal);
    assertBound(statement, approvable.jointCase, approvable.digest);
    await this.assertReady(tx, approvable);
    assertSecondPair(await this.approvals.present(tx, approvable), side, officer.kid);
    const given = await this.approvals.record(tx, actor.partyId, approvable, { side, officerKid: officer.kid, jws });
    await this.audit.append(tx, { kind: 'case.approved', case: caseId, digest: approvable.digest, side, officer: officer.officerId });
    if (given.length < 2) return { caseId, approvals: given.length, packageId: null };
    return this.complete(tx, actor, approvable, given);
  }

  private async officerOf(tx: Tx, jws: string): Promise<Officer> {
    const officer = await this.directory.officerByKey(tx, claimedKeyId(jws));
    if (!officer) throw new DomainError('FOUR_EYES_REQUIRED', 'not the key of an officer');
    return officer;
  }

  private async assertReady(tx: Tx, { jointCase, payload }: ApprovableCase): Promise<void> {
    moveCase(jointCase.state, 'approve');
    if (payload.contributions.length === 0) throw new DomainError('EVIDENCE_INSUFFICIENT', 'a case without contributions');
    if (!(await this.packages.liaisonReady(tx, jointCase.liaisonId))) throw new DomainError('TEST_PACKAGE_REQUIRED', 'liaison');
  }

  private async complete(tx: Tx, actor: Actor, approvable: ApprovableCase, given: readonly Approval[]): Promise<Approved> {
    const { jointCase, payload } = approvable;
    await this.approvals.complete(tx, approvable);
    const approved = { ...payload, approvals: given.map((one) => one.jws) };
    await this.packages.add(tx, actor.partyId, { id: jointCase.packageId, kind: 'CASE', caseId: jointCase.id, liaisonId: jointCase.liaisonId,
      payload: canonicalJson(approved as unknown as Json) });
    await this.outbox.append(tx, 'packages.build', { packageId: jointCase.packageId });
    return { caseId: jointCase.id, approvals: given.length, packageId: jointCase.packageId };
  }
}

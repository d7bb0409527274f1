/** A coordinator sends an empty, signed package, so that a liaison has opened and accepted one before the first real case. */
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditIntake } from '#domain/audit';
import { PackagesRepository } from '#domain/liaison';
import { Directory } from '#domain/members';
import { DomainError, canonicalJson, systemClock, type Json, type PackageId, type PartyId } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import type { EnvelopePayload } from '#protocol';

export interface SendTestPackage { readonly liaisonId: string; readonly idempotencyKey: string }

@Injectable()
export class SendTestPackageFlow {
  constructor(private readonly tenant: TenantTx, private readonly packages: PackagesRepository, private readonly directory: Directory,
    private readonly audit: AuditIntake, private readonly outbox: Outbox, private readonly idempotency: Idempotency) {}

  /** @throws DomainError NOT_FOUND when there is no such active liaison or it has no seal key */
  run(actor: Actor, { idempotencyKey, ...input }: SendTestPackage): Promise<{ packageId: string }> {
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'sendTestPackage', key: idempotencyKey, request: input }, async () => {
      const liaison = await this.directory.party(tx, input.liaisonId as PartyId);
      const keys = liaison?.role === 'liaison' && liaison.status === 'ACTIVE' ? await this.directory.keys(tx, liaison.id) : [];
      const seals = keys.filter((key) => key.use === 'seal' && key.revokedAt === null);
      if (!liaison || seals.length === 0) throw new DomainError('NOT_FOUND', 'liaison');
      const packageId = uuidv7() as PackageId;
      const payload: EnvelopePayload = {
        v: 1, id: packageId, kind: 'TEST', supersedes: null, case: null, category: null, purpose: 'CRIME_REPORTING',
        recipients: seals.map((key) => ({ agency: liaison.id, key: key.kid })), handling: 'CLEAR', contributions: [], blobs: [],
        custody: [{ at: systemClock.now().toISOString(), act: 'test.sent' }], lead: null, proposal: null, approvals: [],
      };
      await this.packages.add(tx, actor.partyId, { id: packageId, kind: 'TEST', caseId: null, liaisonId: liaison.id, payload: canonicalJson(payload as unknown as Json) });
      await this.outbox.append(tx, 'packages.build', { packageId });
      await this.audit.append(tx, { kind: 'package.test-sent', package: packageId, liaison: liaison.id });
      return { packageId };
    }));
  }
}

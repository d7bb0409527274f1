/**
 * Binds an approved package and offers it, once: effect row, content, inbox entry and the notice commit together. A run that
 * was killed anywhere left nothing; a run that comes again after the commit finds the effect row and does nothing.
 */
import { AuditIntake } from '#domain/audit';
import { DeliveryRepository, movePackage, type BuildingPackage } from '#domain/liaison';
import { Directory } from '#domain/members';
import type { PublicJwk, PrivateJwk } from '#crypto';
import { DomainError, type PackageId, type PartyId } from '#kernel';
import { SystemTx, type SystemScope } from '#platform/database';
import { Effects, Outbox, type JobHandler, type JobRun } from '#platform/queue';
import { parseEnvelope, type EnvelopePayload } from '#protocol';
import { bindPackage } from './bind-package.js';

export class BuildPackageFlow implements JobHandler<'packages.build'> {
  readonly job = 'packages.build';

  constructor(private readonly system: SystemTx, private readonly effects: Effects, private readonly outbox: Outbox, private readonly hubKey: PrivateJwk,
    private readonly delivery = new DeliveryRepository(), private readonly directory = new Directory(), private readonly audit = new AuditIntake()) {}

  handle({ packageId }: { readonly packageId: PackageId }, run: JobRun): Promise<void> {
    return this.system.run(async (tx) => {
      if (!(await this.effects.once(tx, run.effectKey()))) return;
      const building = await this.buildable(tx, packageId);
      if (!building) return;
      const envelope = parseEnvelope(JSON.parse(building.payload));
      await this.assertLeadStands(tx, envelope.lead);
      const keys = await this.recipientKeys(tx, building, envelope);
      const { content, digest } = await bindPackage(building.payload, await this.delivery.parts(tx, packageId), this.hubKey, keys);
      await this.delivery.offer(tx, building, movePackage(movePackage(building.state, 'seal'), 'offer'), content, digest);
      await this.delivery.noticeRetracted(tx, packageId);
      await this.outbox.append(tx, 'packages.notify', { packageId });
      await this.audit.appendFor(tx, building.liaisonId, { kind: 'package.offered', package: packageId, digest });
      if (building.caseId) await this.delivery.tellCase(tx, building.caseId, 'PACKAGE_OFFERED');
    });
  }

  /** Null when it was withdrawn meanwhile, or made already. A dead package whose job two people drove again starts over. */
  private async buildable(tx: SystemScope, packageId: PackageId): Promise<BuildingPackage | null> {
    const found = await this.delivery.lock(tx, packageId);
    if (found?.state === 'DEAD_LETTER') {
      const state = movePackage(found.state, 'redrive');
      await this.delivery.move(tx, packageId, state);
      return { ...found, state };
    }
    return found?.state === 'BUILDING' ? found : null;
  }

  /** A lead that was suspended after its officers approved sends nothing: the job waits, then is a dead letter for two people to judge. */
  private async assertLeadStands(tx: SystemScope, lead: string | null): Promise<void> {
    if (lead !== null && (await this.directory.party(tx, lead as PartyId))?.status !== 'ACTIVE') throw new DomainError('MEMBER_SUSPENDED', 'the lead of the case is not active');
  }

  /** Entitlement is checked at send time: a liaison that was suspended, or a key revoked since the approval, stops the package. */
  private async recipientKeys(tx: SystemScope, building: BuildingPackage, { recipients }: EnvelopePayload): Promise<PublicJwk[]> {
    const liaison = await this.directory.party(tx, building.liaisonId);
    if (liaison?.role !== 'liaison' || liaison.status !== 'ACTIVE') throw new DomainError('MEMBER_SUSPENDED', 'liaison is not active');
    const keys = await this.directory.keys(tx, building.liaisonId);
    return recipients.map((recipient) => {
      const key = keys.find((one) => one.use === 'seal' && one.kid === recipient.key && one.revokedAt === null);
      if (!key) throw new DomainError('KEY_NOT_TRUSTED', 'recipient key is gone');
      return key.jwk;
    });
  }
}

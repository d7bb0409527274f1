/**
 * Tells a liaison's webhook that its inbox has something. At least once on the wire, once at a receiver that de-duplicates: a run that was
 * killed after the call and before its record calls again, with the same id and the same bytes.
 */
import { DeliveryRepository } from '#domain/liaison';
import { Directory } from '#domain/members';
import { canonicalJson, type PackageId } from '#kernel';
import { SystemTx } from '#platform/database';
import { Effects, type JobHandler, type JobRun } from '#platform/queue';
import { postWebhook, webhookSecretOf, type EgressPolicy } from './webhook.js';

export class NotifyLiaisonFlow implements JobHandler<'packages.notify'> {
  readonly job = 'packages.notify';

  /** @param master from which each liaison's webhook secret is derived; null where no webhook is called (the inbox is the contract) */
  constructor(private readonly system: SystemTx, private readonly effects: Effects, private readonly master: Uint8Array | null, private readonly policy: EgressPolicy,
    private readonly delivery = new DeliveryRepository(), private readonly directory = new Directory()) {}

  async handle({ packageId }: { readonly packageId: PackageId }, run: JobRun): Promise<void> {
    const { master } = this;
    if (master === null) return;
    const target = await this.system.run(async (tx) => {
      const offered = await this.delivery.lock(tx, packageId);
      const liaison = offered && (await this.directory.party(tx, offered.liaisonId));
      return liaison?.webhookUrl && liaison.status === 'ACTIVE' ? { id: liaison.id, url: liaison.webhookUrl } : null;
    });
    if (!target) return;
    await this.effects.outside(run.effectKey(), (key) =>
      postWebhook(target.url, webhookSecretOf(master, target.id), { id: `msg_${key}`, body: NOTICE }, this.policy));
  }
}

/** No case, no package, no count: whoever reads it on the way learns that a liaison has mail. */
const NOTICE = canonicalJson({ type: 'inbox.changed' });

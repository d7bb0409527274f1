/** Alerts to a brand's owner, and what members read of the registry. The hub passes ciphertext on and never tells from whom. */
import { Injectable } from '@nestjs/common';
import { sealedJson, sealedText } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { BrandsRepository, type RegisteredBrand, type SealedAlert } from '#domain/brands';
import { DomainError, isUuid, type Page, type PageRequest } from '#kernel';
import { TenantTx, type Actor } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { ALERT_BYTES_MAX } from '#protocol';

export interface SendBrandAlert {
  readonly idempotencyKey: string;
  readonly owner: string;
  readonly brandId: string;
  readonly alertId: string;
  /** JWE General JSON, as text. */
  readonly sealed: string;
}

@Injectable()
export class BrandAlertsFlow {
  constructor(private readonly tenant: TenantTx, private readonly brands: BrandsRepository, private readonly idempotency: Idempotency, private readonly audit: AuditIntake) {}

  /** @throws DomainError BAD_INPUT, PACKAGE_INVALID, PAYLOAD_TOO_LARGE, NOT_FOUND, QUOTA_EXHAUSTED */
  async send(actor: Actor, { idempotencyKey, ...alert }: SendBrandAlert): Promise<{ readonly alertId: string }> {
    if (![alert.owner, alert.brandId, alert.alertId].every(isUuid)) throw new DomainError('BAD_INPUT', 'ids', { field: 'alertId' });
    if (Buffer.byteLength(alert.sealed) > ALERT_BYTES_MAX) throw new DomainError('PAYLOAD_TOO_LARGE', 'alert', { limitBytes: ALERT_BYTES_MAX });
    const sealed = sealedText(sealedJson(parsed(alert.sealed)));
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'sendBrandAlert', key: idempotencyKey, request: { ...alert } }, async () => {
      await this.brands.alert(tx, { ...alert, sealed });
      await this.audit.append(tx, { kind: 'brand.alert-sent', brand: alert.brandId, alert: alert.alertId });
      return { alertId: alert.alertId };
    }));
  }

  received(actor: Actor, page: PageRequest): Promise<Page<SealedAlert>> {
    return this.tenant.run(actor, (tx) => this.brands.alerts(tx, actor.partyId, page));
  }

  registry(actor: Actor, page: PageRequest): Promise<Page<RegisteredBrand>> {
    return this.tenant.run(actor, (tx) => this.brands.list(tx, page));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DomainError('BAD_INPUT', 'sealed alert', { field: 'sealed' });
  }
}

/**
 * Takes a member's signed statement on a brand. The signature is checked so that nobody's registry fills with what agents would
 * throw away; agents check it again, with their pins.
 */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { BrandsRepository } from '#domain/brands';
import { Directory } from '#domain/members';
import { DomainError, type PartyId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { parseBrandStatement, type BrandStatement } from '#protocol';

export interface RegisterBrand {
  readonly idempotencyKey: string;
  /** Compact JWS, typ tally-brand+1. */
  readonly jws: string;
}
export interface BrandReceipt {
  readonly brandId: string;
  readonly revision: number;
}

@Injectable()
export class RegisterBrandFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly brands: BrandsRepository, private readonly directory: Directory, private readonly idempotency: Idempotency, private readonly audit: AuditIntake,
  ) {}

  /** @throws DomainError SIGNATURE_INVALID, BAD_INPUT, FORBIDDEN for another's brand, STATE_CONFLICT for a revision that is not later, LIMIT_EXCEEDED */
  run(actor: Actor, { idempotencyKey, jws }: RegisterBrand): Promise<BrandReceipt> {
    return this.tenant.run(actor, (tx) => this.idempotency.run(tx, { operation: 'registerBrand', key: idempotencyKey, request: { jws } }, async () => {
      const { brand, revision, withdrawn } = await this.verified(tx, actor.partyId, jws);
      const known = await this.brands.hold(tx, actor.partyId, brand);
      if (known?.statement === jws) return { brandId: brand, revision };
      if (known !== null && known.revision >= revision) throw new DomainError('STATE_CONFLICT', 'revision is not later', { revision: known.revision });
      await this.brands.put(tx, actor.partyId, { brandId: brand, revision, withdrawn, statement: jws });
      await this.audit.append(tx, { kind: 'brand.registered', brand, revision, withdrawn });
      return { brandId: brand, revision };
    }));
  }

  private async verified(tx: Tx, member: PartyId, jws: string): Promise<BrandStatement> {
    const kid = claimedKeyId(jws);
    const key = (await this.directory.keys(tx, member)).find((one) => one.kid === kid && one.use === 'evidence' && one.revokedAt === null);
    if (key === undefined) throw new DomainError('SIGNATURE_INVALID', 'not an evidence key of the member');
    const statement = parseBrandStatement((await verifyStatement('tally-brand+1', jws, key.jwk)).payload);
    if (statement.owner !== member) throw new DomainError('FORBIDDEN', 'a brand of another member');
    return statement;
  }
}

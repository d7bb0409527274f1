/** A member that joined adds a contribution. The hub checks the shape of the ciphertext and what is declared; it can open nothing. */
import { Injectable } from '@nestjs/common';
import { sealedJson, sealedText, sha256Hex } from '#crypto';
import { AuditIntake } from '#domain/audit';
import { CasesRepository, ContributionsRepository, moveCase } from '#domain/cases';
import { DomainError, isUuid, type CaseId, type PartyId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { parseFacets, parseHandling } from '#protocol';

export interface Contributed { readonly contributionId: string; readonly size: number; readonly sha256: string }

/** Of one member to one case. */
const CONTRIBUTIONS_MAX = 10;

@Injectable()
export class ContributeFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly contributions: ContributionsRepository,
    private readonly audit: AuditIntake) {}

  /**
   * Idempotent by contribution id and bytes.
   * @param body attacker-controlled: {id, handlingFloor, facets, jwe}
   * @throws DomainError PACKAGE_INVALID, NOT_FOUND, STATE_CONFLICT, IDEMPOTENCY_MISMATCH, LIMIT_EXCEEDED
   */
  async run(actor: Actor, caseId: string, body: unknown): Promise<Contributed> {
    const { id, handlingFloor, facets, jwe } = (body ?? {}) as Record<string, unknown>;
    if (!isUuid(id) || !isUuid(caseId)) throw new DomainError('BAD_INPUT', 'contribution id');
    const ciphertext = sealedText(sealedJson(jwe));
    const line = { id, handlingFloor: parseHandling(handlingFloor), facets: parseFacets(facets), size: Buffer.byteLength(ciphertext), sha256: sha256Hex(ciphertext), ciphertext };
    return this.tenant.run(actor, async (tx) => {
      const own = await this.cases.ownPart(tx, actor.partyId, caseId as CaseId);
      if (own?.invitation !== 'JOINED') throw new DomainError('NOT_FOUND', 'case');
      const jointCase = await this.cases.lock(tx, caseId as CaseId);
      if (!jointCase) throw new DomainError('NOT_FOUND', 'case');
      moveCase(jointCase.state, 'contribute');
      await this.assertRoom(tx, actor.partyId, jointCase.id, id);
      const fresh = await this.contributions.add(tx, actor.partyId, jointCase.id, line);
      if (fresh) {
        await this.cases.tell(tx, jointCase.id, 'CASE_CONTRIBUTED');
        await this.audit.append(tx, { kind: 'contribution.sealed', case: jointCase.id, contribution: id, size: line.size });
      }
      return { contributionId: id, size: line.size, sha256: line.sha256 };
    });
  }

  /** Every contribution changes what is to be approved, and none can be taken out: without a bound one member could keep a case from ever being sent. */
  private async assertRoom(tx: Tx, partyId: PartyId, caseId: CaseId, id: string): Promise<void> {
    const own = await this.contributions.own(tx, partyId, caseId);
    if (own.length >= CONTRIBUTIONS_MAX && !own.some((one) => one.id === id)) {
      throw new DomainError('LIMIT_EXCEEDED', 'contributions', { limit: 'contributions', maximum: CONTRIBUTIONS_MAX });
    }
  }
}

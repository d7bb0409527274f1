/**
 * What one party may see of a case. An invited member sees the case, its category, its liaison and its own overlaps; who else
 * takes part only after it joined; the approving sides also see what is to be approved. Counts are bands.
 */
import { Injectable } from '@nestjs/common';
import { CasesRepository, ContributionsRepository, casePayload, digestOf, type Approval, type CaseParty, type ContributionLine, type JointCase } from '#domain/cases';
import { PackagesRepository, ReceiptsRepository, type OutcomeRow, type PackageRow, type ReceiptRow } from '#domain/liaison';
import { Directory, type PartyCard } from '#domain/members';
import { DomainError, canonicalJson, pageOf, type CaseId, type Json, type Page, type PageRequest } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import type { Band } from '#protocol';

export interface CaseView {
  readonly jointCase: JointCase;
  readonly liaison: PartyCard | null;
  readonly own: CaseParty | null;
  readonly ownOverlaps: readonly string[];
  readonly ownContributions: readonly ContributionLine[];
  readonly participants: readonly { readonly card: PartyCard; readonly part: string }[];
  readonly asked: Band;
  readonly joined: Band;
  /** For the approving sides while there is something to approve: RFC 8785 text of the payload, and its digest. */
  readonly approvable: { readonly payload: string; readonly digest: string; readonly approvals: readonly Approval[] } | null;
  readonly sent: { readonly row: PackageRow; readonly receipts: readonly ReceiptRow[]; readonly outcomes: readonly OutcomeRow[] } | null;
}

@Injectable()
export class ReadCaseFlow {
  constructor(private readonly tenant: TenantTx, private readonly cases: CasesRepository, private readonly contributions: ContributionsRepository,
    private readonly packages: PackagesRepository, private readonly receipts: ReceiptsRepository, private readonly directory: Directory) {}

  /** @throws DomainError NOT_FOUND for an unknown case and for somebody else's alike */
  one(actor: Actor, id: string): Promise<CaseView> {
    return this.tenant.run(actor, async (tx) => {
      const jointCase = await this.cases.find(tx, id as CaseId);
      if (!jointCase) throw new DomainError('NOT_FOUND', 'case');
      return this.view(tx, actor, jointCase);
    });
  }

  list(actor: Actor, { first, after }: PageRequest): Promise<Page<CaseView>> {
    return this.tenant.run(actor, async (tx) => {
      const rows = await this.cases.list(tx, first + 1, after === null ? null : decodePosition(after));
      const page = pageOf(rows, first, (row) => Buffer.from(`${row.position} ${row.id}`).toString('base64url'));
      const items = [];
      for (const { node, cursor } of page.items) items.push({ node: await this.view(tx, actor, node), cursor });
      return { items, hasNextPage: page.hasNextPage };
    });
  }

  private async view(tx: Tx, actor: Actor, jointCase: JointCase): Promise<CaseView> {
    const own = await this.cases.ownPart(tx, actor.partyId, jointCase.id);
    const [asked, joined] = await this.cases.invitations(tx, jointCase.id).then((n) => [band(n.asked), band(n.joined)] as const);
    const participants = [];
    for (const { partyId, part } of await this.cases.participants(tx, jointCase.id)) {
      const card = await this.directory.party(tx, partyId);
      if (card) participants.push({ card, part });
    }
    return {
      jointCase, own, participants,
      // ZERO for an invited member that has not joined: a number would tell it how many others hold its clue.
      asked, joined,
      liaison: await this.directory.party(tx, jointCase.liaisonId),
      ownOverlaps: await this.cases.ownOverlaps(tx, actor.partyId, jointCase.id),
      ownContributions: await this.contributions.own(tx, actor.partyId, jointCase.id),
      approvable: await this.approvable(tx, jointCase),
      sent: await this.sent(tx, jointCase),
    };
  }

  private async approvable(tx: Tx, jointCase: JointCase): Promise<CaseView['approvable']> {
    const proposal = await this.cases.proposal(tx, jointCase.id);
    const lines = proposal ? await this.contributions.lines(tx, jointCase.id) : [];
    if (!proposal || lines.length === 0) return null;
    const payload = casePayload(jointCase, proposal, lines);
    const digest = digestOf(payload);
    return { payload: canonicalJson(payload as unknown as Json), digest, approvals: await this.contributions.approvals(tx, jointCase.id, digest) };
  }

  private async sent(tx: Tx, jointCase: JointCase): Promise<CaseView['sent']> {
    const row = await this.packages.ofCase(tx, jointCase.id);
    return row && { row, receipts: await this.receipts.ofPackage(tx, row.id), outcomes: await this.receipts.outcomes(tx, row.id) };
  }
}

function band(n: number): Band {
  return n === 0 ? 'ZERO' : n === 1 ? 'ONE' : 'TWO_OR_MORE';
}

function decodePosition(cursor: string): { at: string; id: string } {
  const [at, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{8,15}Z$/.test(at ?? '') || !/^[0-9a-f-]{36}$/.test(id ?? '')) throw new DomainError('BAD_INPUT', 'cursor');
  return { at: at!, id: id! };
}

import type { CaseView } from '#flows/joint-case';
import type { JointCaseObject } from './case.object.js';

/** The flow's view in the schema's shape; decides nothing. */
export function caseObject({ jointCase, liaison, own, sent, ...view }: CaseView): JointCaseObject {
  const { id, state, category, purpose, legalBasis, liaisonId, recipients, packageId, createdAt, changedAt } = jointCase;
  return {
    id, state, category, purpose, legalBasis, liaisonId, recipients, packageId, createdAt, changedAt,
    liaisonName: liaison?.name ?? '', part: own?.part ?? null, invitation: own?.invitation ?? null, ownOverlapIds: view.ownOverlaps, ownContributions: view.ownContributions,
    participants: view.participants.map(({ card, part }) => ({ partyId: card.id, name: card.name, nameZh: card.nameZh, part })),
    asked: view.asked, joined: view.joined, approvable: view.approvable,
    package: sent && { id: sent.row.id, state: sent.row.state, digest: sent.row.digest, receipts: sent.receipts, outcomes: sent.outcomes },
  };
}

/**
 * What is approved, computed from the case alone: the payload of the package's envelope without its approvals. Pure and
 * deterministic, so that both officers, the approval check and the worker all speak of the same bytes.
 */
import { approvalDigest } from '#crypto';
import type { Json } from '#kernel';
import { strictest, type EnvelopePayload } from '#protocol';
import type { ContributionLine, JointCase, Proposal } from './case.model.js';

export function casePayload(jointCase: JointCase, proposal: Proposal, lines: readonly ContributionLine[]): EnvelopePayload {
  return {
    v: 1, id: jointCase.packageId, kind: 'CASE', supersedes: null, case: jointCase.id, category: jointCase.category, purpose: jointCase.purpose,
    recipients: jointCase.recipients,
    handling: strictest(lines.map((line) => line.handlingFloor)),
    contributions: lines.map(({ id, size, sha256, handlingFloor, facets }) => ({ id, size, sha256, handlingFloor, facets })),
    blobs: [],
    custody: [
      { at: jointCase.createdAt.toISOString(), act: 'case.proposed' },
      ...lines.map((line) => ({ at: line.createdAt.toISOString(), act: `contribution.received ${line.id}` })),
    ],
    lead: proposal.leadId, proposal: proposal.jws, approvals: [],
  };
}

export function digestOf(payload: EnvelopePayload): string {
  return approvalDigest(payload as unknown as Record<string, Json>);
}

/** GraphQL documents of cases, for the list of registered documents. */
const VIEW = `id state category purpose legalBasis { code law article } liaisonId liaisonName recipients { agency key } packageId part invitation ownOverlapIds
  ownContributions { id size sha256 handlingFloor createdAt } participants { partyId name nameZh part } asked joined
  approvable { payload digest approvals { side createdAt } }
  package { id state digest receipts { id kind jws receivedAt } outcomes { id kind persons amountCny reference jws receivedAt } } createdAt changedAt`;

export const CASE_DOCUMENTS = {
  proposeCase: 'mutation ProposeCase($input: ProposeCaseInput!) { proposeCase(input: $input) { caseId } }',
  answerInvitation: 'mutation AnswerInvitation($input: AnswerInvitationInput!) { answerInvitation(input: $input) { caseId } }',
  approveCase: 'mutation ApproveCase($input: ApproveCaseInput!) { approveCase(input: $input) { caseId approvals packageId } }',
  withdrawCase: 'mutation WithdrawCase($input: WithdrawCaseInput!) { withdrawCase(input: $input) { caseId } }',
  sendTestPackage: 'mutation SendTestPackage($input: SendTestPackageInput!) { sendTestPackage(input: $input) { packageId } }',
  jointCase: `query JointCase($id: UUID!) { jointCase(id: $id) { ${VIEW} } }`,
  jointCases: `query JointCases($first: Int!, $after: String) { jointCases(first: $first, after: $after) { edges { node { ${VIEW} } } pageInfo { hasNextPage endCursor } } }`,
} as const;

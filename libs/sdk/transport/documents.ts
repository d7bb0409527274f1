const PARTY = 'id role name nameZh status policyVersion openAct { action digest signatures }';

const EPOCH = 'epoch state manifestHash announcedAt overlapUntil stoppedAt erasedAt';

/** GraphQL documents of the agent (cases have their own list): a hub in production executes registered documents only. */
export const DOCUMENTS = {
  publishClues: `mutation PublishClues($input: PublishCluesInput!) {
  publishClues(input: $input) { publicationId items { clueId outcome code knownAs } }
}`,
  retractClues: `mutation RetractClues($input: RetractCluesInput!) {
  retractClues(input: $input) { withdrawn items { clueId outcome } }
}`,
  checkTokens: `mutation CheckTokens($input: CheckTokensInput!) {
  checkTokens(input: $input) {
    disclosureId remaining
    answers { index band strength categories levels impersonated firstSeen lastSeen }
  }
}`,
  overlaps: `query Overlaps($first: Int!, $after: String, $since: Instant, $purpose: Purpose!, $legalBasis: LegalBasisInput!) {
  overlaps(first: $first, after: $after, since: $since, purpose: $purpose, legalBasis: $legalBasis) {
    edges { node { id clueId kind strength others categories levels impersonated firstSeen lastSeen state openedAt changedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  events: `query Events($first: Int!, $after: String) {
  events(first: $first, after: $after) { edges { node { seq kind subjectId at } } pageInfo { hasNextPage endCursor } }
}`,
  epochs: `query Epochs { epochs { ${EPOCH} } }`,
  announceEpoch: `mutation AnnounceEpoch($input: EpochChangeInput!) { epochs: announceEpoch(input: $input) { ${EPOCH} } }`,
  stopEpoch: `mutation StopEpoch($input: EpochChangeInput!) { epochs: stopEpoch(input: $input) { ${EPOCH} } }`,
  parties: `query Parties($after: String) {
  parties(first: 100, after: $after) { edges { node { ${PARTY} } } pageInfo { hasNextPage endCursor } }
}`,
  proposeAdmission: `mutation ProposeAdmission($input: ProposeAdmissionInput!) { party: proposeAdmission(input: $input) { ${PARTY} } }`,
  approveAdmission: `mutation ApproveAdmission($input: SignedActInput!) { party: approveAdmission(input: $input) { ${PARTY} } }`,
  suspendParty: `mutation SuspendParty($input: SignedActInput!) { party: suspendParty(input: $input) { ${PARTY} } }`,
  liftSuspension: `mutation LiftSuspension($input: SignedActInput!) { party: liftSuspension(input: $input) { ${PARTY} } }`,
} as const;

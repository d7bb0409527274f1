/** Every GraphQL document of the agent, in one place: a hub in production executes registered documents only. */
export const DOCUMENTS = {
  publishClues: `mutation PublishClues($input: PublishCluesInput!) {
  publishClues(input: $input) { results { clueId outcome code existingClueId } overlapsAtOnce }
}`,
  retractClues: `mutation RetractClues($input: RetractCluesInput!) {
  retractClues(input: $input) { results { clueId outcome code } }
}`,
  checkTokens: `mutation CheckTokens($input: CheckTokensInput!) {
  checkTokens(input: $input) { hits { token others strength categories levels firstSeen lastSeen } }
}`,
  overlaps: `query Overlaps($first: Int!, $after: String, $since: Instant) {
  overlaps(first: $first, after: $after, since: $since) {
    edges { node { id clueId kind strength others categories levels firstSeen lastSeen state openedAt changedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  events: `query Events($first: Int!, $after: String) {
  events(first: $first, after: $after) { edges { node { id kind subjectId at } } pageInfo { hasNextPage endCursor } }
}`,
} as const;

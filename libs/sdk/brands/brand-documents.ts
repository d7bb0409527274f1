/** GraphQL documents of the brand registry: a hub in production executes registered documents only. */
export const BRAND_DOCUMENTS = {
  brands: `query Brands($first: Int!, $after: String) {
  brands(first: $first, after: $after) { edges { node { owner brandId revision statement } } pageInfo { hasNextPage endCursor } }
}`,
  registerBrand: `mutation RegisterBrand($input: RegisterBrandInput!) { registerBrand(input: $input) { brandId revision } }`,
  sendBrandAlert: `mutation SendBrandAlert($input: SendBrandAlertInput!) { sendBrandAlert(input: $input) { alertId } }`,
  giveWarnedTokens: `mutation GiveWarnedTokens($input: GiveWarnedTokensInput!) { giveWarnedTokens(input: $input) { given } }`,
  brandAlerts: `query BrandAlerts($first: Int!, $after: String) {
  brandAlerts(first: $first, after: $after) { edges { node { alertId brandId sealed sentAt } } pageInfo { hasNextPage endCursor } }
}`,
} as const;

/**
 * The closed union of published error codes. Each has exactly one entry in the transport map of libs/protocol
 * (HTTP status, exit status, text in Chinese and English). Adding one is an act of design: about 40 is the ceiling.
 */
export const ERROR_CODES = [
  // who is calling
  'UNAUTHENTICATED', 'CREDENTIAL_EXPIRED', 'FORBIDDEN', 'MEMBER_SUSPENDED', 'KEY_NOT_TRUSTED', 'SIGNATURE_INVALID',
  // what was asked
  'BAD_INPUT', 'KIND_UNKNOWN', 'NOT_FOUND', 'LIMIT_EXCEEDED', 'PAYLOAD_TOO_LARGE', 'QUOTA_EXHAUSTED',
  'IDEMPOTENCY_MISMATCH', 'IDEMPOTENCY_IN_PROGRESS', 'ALREADY_EXISTS', 'STATE_CONFLICT',
  // rules of the network
  'EVIDENCE_INSUFFICIENT', 'CATEGORY_NOT_SHAREABLE', 'BASIS_NOT_APPLICABLE', 'POLICY_FORBIDS',
  'FOUR_EYES_REQUIRED', 'DIGEST_MISMATCH', 'HANDLING_TOO_WEAK', 'TEST_PACKAGE_REQUIRED',
  // tokens
  'ROSTER_REFUSED', 'STATUS_STALE', 'STALE_MANIFEST', 'MANIFEST_INVALID', 'POINT_INVALID', 'PROOF_INVALID', 'BATCH_ID_REUSED', 'REPEAT_REFUSED', 'BUDGET_EXHAUSTED',
  'KEY_HOLDERS_UNAVAILABLE', 'EPOCH_NOT_OPEN',
  // agent and operation
  'FILE_UNREADABLE', 'HEADER_INVALID', 'PROFILE_INVALID', 'VAULT_INVALID', 'PACKAGE_INVALID', 'UNREACHABLE', 'CONFIG_INVALID', 'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The transport map of every published error code: HTTP status, exit status of commands, and what a person reads, in
 * English and Chinese. Exhaustive by type: a code without an entry does not compile. Texts hold no values.
 *
 * Exit statuses: 1 internal, 2 bad input, 3 refused by a rule, 4 identity, 5 unreachable, 6 proof or trust, 7 local state.
 */
import type { ErrorCode } from '#kernel';

export interface ErrorTransport {
  readonly http: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
  readonly exit: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly en: string;
  readonly zh: string;
}

export const ERROR_REGISTRY = {
  UNAUTHENTICATED: { http: 401, exit: 4, en: 'the caller could not be identified', zh: '无法确认调用方身份' },
  CREDENTIAL_EXPIRED: { http: 401, exit: 4, en: 'the credential has expired', zh: '凭证已过期' },
  FORBIDDEN: { http: 403, exit: 4, en: 'this caller may not do that', zh: '调用方无权执行此操作' },
  MEMBER_SUSPENDED: { http: 403, exit: 4, en: 'the member is suspended', zh: '该成员已被暂停' },
  KEY_NOT_TRUSTED: { http: 403, exit: 6, en: 'the key is not pinned: compare its fingerprint and run `tally trust add`', zh: '该密钥未经确认：请核对指纹并执行 `tally trust add`' },
  SIGNATURE_INVALID: { http: 403, exit: 6, en: 'a signature does not verify', zh: '签名验证失败' },
  BAD_INPUT: { http: 400, exit: 2, en: 'the input is not valid', zh: '输入无效' },
  KIND_UNKNOWN: { http: 400, exit: 2, en: 'unknown kind of indicator', zh: '未知的线索类型' },
  NOT_FOUND: { http: 404, exit: 2, en: 'not found', zh: '未找到' },
  LIMIT_EXCEEDED: { http: 400, exit: 2, en: 'the request exceeds a limit', zh: '请求超出限制' },
  PAYLOAD_TOO_LARGE: { http: 413, exit: 2, en: 'the body is too large', zh: '请求体过大' },
  QUOTA_EXHAUSTED: { http: 429, exit: 3, en: 'the quota is used up', zh: '配额已用完' },
  IDEMPOTENCY_MISMATCH: { http: 409, exit: 2, en: 'the idempotency key was used for another request', zh: '幂等键已用于其他请求' },
  IDEMPOTENCY_IN_PROGRESS: { http: 409, exit: 5, en: 'the same request is still running', zh: '相同请求正在处理' },
  ALREADY_EXISTS: { http: 409, exit: 3, en: 'it exists already', zh: '已存在' },
  STATE_CONFLICT: { http: 409, exit: 3, en: 'not possible in the present state', zh: '当前状态下不可执行' },
  EVIDENCE_INSUFFICIENT: { http: 422, exit: 3, en: 'the evidence is not sufficient for this category or level', zh: '证据不足以支持该类别或等级' },
  CATEGORY_NOT_SHAREABLE: { http: 422, exit: 3, en: 'this category can never be shared', zh: '该类别不得共享' },
  BASIS_NOT_APPLICABLE: { http: 422, exit: 3, en: 'the legal basis does not cover this category', zh: '该法律依据不适用于此类别' },
  POLICY_FORBIDS: { http: 422, exit: 3, en: 'the federation policy forbids this', zh: '联盟策略不允许' },
  FOUR_EYES_REQUIRED: { http: 403, exit: 3, en: 'two different officers are required', zh: '须由两名不同的授权人批准' },
  DIGEST_MISMATCH: { http: 409, exit: 6, en: 'the digest is of something else', zh: '摘要不一致' },
  HANDLING_TOO_WEAK: { http: 422, exit: 6, en: 'the handling is weaker than a contributor allows', zh: '处理级别低于贡献方要求' },
  TEST_PACKAGE_REQUIRED: { http: 409, exit: 3, en: 'the liaison has not accepted a test package yet', zh: '联络方尚未接受测试包' },
  ROSTER_REFUSED: { http: 403, exit: 4, en: 'the roster does not admit this member', zh: '名册未准入该成员' },
  STATUS_STALE: { http: 503, exit: 5, en: 'the status list is stale', zh: '状态清单已过期' },
  STALE_MANIFEST: { http: 409, exit: 6, en: 'the key manifest has been replaced', zh: '密钥清单已更新' },
  MANIFEST_INVALID: { http: 422, exit: 6, en: 'the key manifest is not consistent', zh: '密钥清单不一致' },
  POINT_INVALID: { http: 400, exit: 6, en: 'an encoded point is not valid', zh: '点编码无效' },
  PROOF_INVALID: { http: 422, exit: 6, en: "a key-holder's proof does not verify", zh: '密钥持有方的证明验证失败' },
  BATCH_ID_REUSED: { http: 409, exit: 6, en: 'the batch id was used for other points', zh: '批次号已用于其他数据' },
  REPEAT_REFUSED: { http: 409, exit: 6, en: 'the batch was answered before, or its signed time is not now', zh: '该批次已有应答，或签名时间与当前时间不符' },
  BUDGET_EXHAUSTED: { http: 429, exit: 3, en: 'the evaluation budget is used up', zh: '评估额度已用完' },
  KEY_HOLDERS_UNAVAILABLE: { http: 503, exit: 5, en: 'too few key-holders answer', zh: '可用的密钥持有方不足' },
  EPOCH_NOT_OPEN: { http: 409, exit: 3, en: 'the epoch has ended, or was not announced', zh: '该周期已结束或尚未公布' },
  FILE_UNREADABLE: { http: 400, exit: 2, en: 'the file cannot be read', zh: '文件无法读取' },
  HEADER_INVALID: { http: 400, exit: 2, en: 'the header line is not as expected', zh: '表头不符合要求' },
  PROFILE_INVALID: { http: 400, exit: 2, en: 'the profile is not valid', zh: '配置档无效' },
  VAULT_INVALID: { http: 400, exit: 7, en: 'the vault cannot be used', zh: '保险库不可用' },
  PACKAGE_INVALID: { http: 422, exit: 6, en: 'the package does not verify', zh: '案件包验证失败' },
  UNREACHABLE: { http: 503, exit: 5, en: 'the service cannot be reached', zh: '无法连接服务' },
  CONFIG_INVALID: { http: 500, exit: 2, en: 'the configuration is not valid', zh: '配置无效' },
  INTERNAL: { http: 500, exit: 1, en: 'an internal error; quote the correlation id', zh: '内部错误；请提供关联编号' },
} as const satisfies Record<ErrorCode, ErrorTransport>;

export function transportOf(code: ErrorCode): ErrorTransport {
  return ERROR_REGISTRY[code];
}

/** True for a code of the published list: what a client may believe of an answer's `code` field. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_REGISTRY, value);
}

/** Words of cases and packages as GraphQL enums. */
import { enumOf } from '../clues/words.enum.js';

export const CaseStateEnum = enumOf('CaseState', 'Life of a joint case.', {
  PROPOSED: { zh: '已提议', en: 'the counterparts are asked' }, OPEN: { zh: '进行中', en: 'somebody joined; contributions are taken' },
  APPROVED: { zh: '已批准', en: 'two officers approved; the package goes out' }, CLOSED: { zh: '已结案', en: 'ended' }, WITHDRAWN: { zh: '已撤回', en: 'taken back by the lead' },
});
export const CasePartEnum = enumOf('CasePart', 'Part of a member in a case.', { LEAD: { zh: '牵头', en: 'proposed the case' }, INVITED: { zh: '受邀', en: 'was asked' } });
export const InvitationStateEnum = enumOf('InvitationState', 'Life of an invitation.', {
  ASKED: { zh: '待答复', en: 'not answered yet' }, JOINED: { zh: '已加入', en: 'takes part' }, DECLINED: { zh: '已谢绝', en: 'does not take part' }, LAPSED: { zh: '已失效', en: 'was not answered in time' },
});
export const InvitationAnswerEnum = enumOf('InvitationAnswer', 'Answer to an invitation.', { JOIN: { zh: '加入', en: 'take part' }, DECLINE: { zh: '谢绝', en: 'do not' } });
export const ApprovalSideEnum = enumOf('ApprovalSide', 'Whose officer approved.', { LEAD: { zh: '牵头成员', en: 'lead member, not the proposer' }, COORDINATOR: { zh: '协调方', en: 'coordinator' } });
export const HandlingEnum = enumOf('Handling', 'Handling of a package after FIRST TLP 2.0.', {
  CLEAR: { zh: '可公开', en: 'no limit' }, GREEN: { zh: '社区内', en: 'within the network' }, AMBER: { zh: '需知范围', en: 'need to know, organisation and its clients' },
  AMBER_STRICT: { zh: '仅限机构内', en: 'need to know, organisation only' }, RED: { zh: '仅限指名接收人', en: 'named recipients only' },
});
export const PackageKindEnum = enumOf('PackageKind', 'What a package is for.', { CASE: { zh: '案件', en: 'a joint case' }, TEST: { zh: '测试', en: 'a test before the first case' } });
export const PackageStateEnum = enumOf('PackageState', 'Life of a package. Only signed receipts move it past FETCHED.', {
  BUILDING: { zh: '构建中', en: 'approved, being bound' }, SEALED: { zh: '已封装', en: 'bound' }, OFFERED: { zh: '待取', en: 'in the inbox of the liaison' }, FETCHED: { zh: '已取', en: 'fetched' },
  RECEIVED: { zh: '已签收', en: 'receipt signed' }, ACCEPTED: { zh: '已接受', en: 'accepted' }, REJECTED: { zh: '已拒收', en: 'rejected' }, CLOSED: { zh: '已结束', en: 'ended' },
  WITHDRAWN: { zh: '已撤回', en: 'taken back before it was fetched' }, EXPIRED: { zh: '已过期', en: 'not fetched in time' }, DEAD_LETTER: { zh: '投递失败', en: 'could not be built; waits for people' },
});
export const ReceiptKindEnum = enumOf('ReceiptKind', 'What a liaison acknowledges.', {
  RECEIVED: { zh: '收到', en: 'received' }, OPENED: { zh: '已解密', en: 'decrypted' }, ACCEPTED: { zh: '接受', en: 'accepted' }, REJECTED: { zh: '拒收', en: 'rejected' },
  FORWARDED: { zh: '转交', en: 'passed on' }, DESTROYED: { zh: '销毁', en: 'destroyed' },
});
export const OutcomeKindEnum = enumOf('OutcomeKind', 'What became of a package.', {
  CRIMINAL_CASE_FILED: { zh: '刑事立案', en: 'criminal case filed' }, ADMINISTRATIVE_CASE: { zh: '行政立案', en: 'administrative case' }, GANG_BROKEN: { zh: '打掉团伙', en: 'gang broken' },
  PERSONS_HELD: { zh: '抓获人员', en: 'persons held' }, AMOUNT_SECURED: { zh: '涉案金额', en: 'amount secured' }, NO_CASE: { zh: '不予立案', en: 'no case' },
  DUPLICATE: { zh: '重复', en: 'known already' }, FALSE: { zh: '不实', en: 'found to be false' },
});

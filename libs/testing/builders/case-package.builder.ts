/**
 * A complete, honest case package and everything a liaison has pinned, made from the protocol's words and the crypto room alone (not by
 * the hub's or the agent's code). Every step can be altered, so that a refusal test changes exactly one thing.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { approvalDigest, generatePrivateJwk, keyIdOf, publicJwk, sealContribution, sealEnvelope, sealedText, sha256Hex, signStatement, type PrivateJwk, type SealedJson } from '#crypto';
import { canonicalBytes, canonicalJson, type Json } from '#kernel';
import type { CasePackage, ContributionPayload, EnvelopePayload } from '#protocol';

export interface TestParty {
  readonly id: string;
  readonly name: string;
  readonly evidence: PrivateJwk;
  readonly seal: PrivateJwk;
  readonly officers: readonly PrivateJwk[];
}
export interface TestPin { readonly subject: string; readonly use: string; readonly kid: string; readonly jwk: ReturnType<typeof publicJwk>; readonly name: string; readonly nameZh: string; readonly role: string; readonly pinnedAt: string }

export interface PackageWorld {
  readonly hub: PrivateJwk;
  readonly members: readonly [TestParty, TestParty, TestParty];
  readonly coordinator: TestParty;
  readonly liaison: TestParty;
  readonly pins: readonly TestPin[];
}

export function aKey(): PrivateJwk {
  return generatePrivateJwk();
}
export function aParty(name: string): TestParty {
  return { id: randomUUID(), name, evidence: aKey(), seal: aKey(), officers: [aKey(), aKey()] };
}

export async function aPackageWorld(): Promise<PackageWorld> {
  const members = [aParty('Bank A'), aParty('Bank B'), aParty('Bank C')] as const;
  const coordinator = aParty('Coordinator');
  const liaison = aParty('Police unit');
  const hub = aKey();
  const pin = async (subject: string, use: string, key: PrivateJwk, name: string, role: string): Promise<TestPin> =>
    ({ subject, use, kid: keyIdOf(key), jwk: publicJwk(key), name, nameZh: `${name}（中文）`, role, pinnedAt: '2026-01-01T00:00:00.000Z' });
  const pinsOf = (party: TestParty, role: string): Promise<TestPin>[] => [
    pin(`party:${party.id}`, 'evidence', party.evidence, party.name, role),
    ...party.officers.map((key, index) => pin(`party:${party.id}`, 'officer', key, `${party.name} officer ${index + 1}`, role)),
  ];
  const pins = await Promise.all([pin('hub', 'package', hub, 'Hub', 'hub'), ...members.flatMap((member) => pinsOf(member, 'member')), ...pinsOf(coordinator, 'coordinator')]);
  return { hub, members: [...members], coordinator, liaison, pins };
}

export interface PackageChanges {
  readonly contribution?: (payload: ContributionPayload, index: number) => ContributionPayload;
  readonly signers?: (party: TestParty) => { evidence: PrivateJwk; officer: PrivateJwk };
  readonly envelope?: (payload: EnvelopePayload) => EnvelopePayload;
  readonly approvers?: readonly PrivateJwk[];
  readonly approval?: (statement: Record<string, Json>, index: number) => Record<string, Json>;
  readonly proposer?: PrivateJwk;
  /** Whom the proposing officer named, if not the liaison that gets the package. */
  readonly proposedTo?: string;
  readonly hubKey?: PrivateJwk;
  readonly sealTo?: PrivateJwk;
  readonly parts?: (parts: CasePackage['contributions']) => CasePackage['contributions'];
}

/** Bank A leads (officer 0 proposed, officer 1 approves), B contributes too; the coordinator's officer 0 approves. */
export async function aCasePackage(world: PackageWorld, changes: PackageChanges = {}): Promise<Uint8Array> {
  const { members: [lead, other], coordinator, liaison } = world;
  const [caseId, id] = [randomUUID(), randomUUID()];
  const recipients = [{ agency: liaison.id, key: keyIdOf(liaison.seal) }];
  const sealTo = [publicJwk(changes.sealTo ?? liaison.seal)];
  const basis = { code: 'PUBLIC_INTEREST', law: '', article: '' };
  const parts: { id: string; jwe: SealedJson }[] = [];
  const lines: Json[] = [];
  for (const [index, member] of [lead, other].entries()) {
    const payload = (changes.contribution ?? ((one) => one))(aContribution(member, caseId, recipients), index);
    const signers = changes.signers?.(member) ?? { evidence: member.evidence, officer: member.officers[0]! };
    const jwe = await sealContribution(payload as unknown as Json, signers, sealTo);
    const text = sealedText(jwe);
    parts.push({ id: payload.id, jwe });
    const { handlingFloor, facets } = aContribution(member, caseId, recipients);
    lines.push({ id: payload.id, size: Buffer.byteLength(text), sha256: sha256Hex(text), handlingFloor, facets: facets as unknown as Json });
  }
  const proposal = await signStatement('tally-proposal+1', { v: 1, case: caseId, lead: lead.id, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', legalBasis: basis,
    liaison: changes.proposedTo ?? liaison.id, time: '2026-01-02T00:00:00.000Z' }, changes.proposer ?? lead.officers[0]!);
  const plain = { v: 1, id, kind: 'CASE', supersedes: null, case: caseId, category: 'TELECOM_FRAUD', purpose: 'CRIME_REPORTING', recipients, handling: 'AMBER',
    contributions: lines, blobs: [], custody: [{ at: '2026-01-03T00:00:00.000Z', act: 'case.approved' }], lead: lead.id, proposal, approvals: [] } as unknown as EnvelopePayload;
  const unapproved = (changes.envelope ?? ((one) => one))(plain);
  const digest = approvalDigest(unapproved as unknown as Record<string, Json>);
  const approvers = changes.approvers ?? [lead.officers[1]!, coordinator.officers[0]!];
  const approvals = await Promise.all(approvers.map((key, index) => {
    const statement = { v: 1, case: caseId, package: id, digest, recipients, purpose: 'CRIME_REPORTING', time: '2026-01-03T00:00:00.000Z' } as Record<string, Json>;
    return signStatement('tally-approval+1', (changes.approval ?? ((one) => one))(statement, index), key);
  }));
  const envelope = await sealEnvelope({ ...unapproved, approvals } as unknown as Json, changes.hubKey ?? world.hub, sealTo);
  const rest = { v: 1, id, supersedes: null, envelope, contributions: (changes.parts ?? ((all) => all))(parts as unknown as CasePackage['contributions']), blobs: [] };
  return canonicalBytes({ ...rest, digest: sha256Hex(canonicalJson(rest as unknown as Json)) } as unknown as Json);
}

function aContribution(member: TestParty, caseId: string, recipients: ContributionPayload['recipients']): ContributionPayload {
  const bytes = Buffer.from('row,kind,value\r\n1,phone,13800000000\r\n');
  return {
    v: 1, id: randomUUID(), case: caseId, member: member.id, recipients, purpose: 'CRIME_REPORTING', legalBasis: { code: 'PUBLIC_INTEREST', law: '', article: '' },
    handlingFloor: 'AMBER', opening: randomBytes(32).toString('base64url'),
    contents: [{ path: 'rows.csv', mediaType: 'text/csv', size: bytes.length, sha256: sha256Hex(bytes), blob: bytes.toString('base64url') }],
    objects: [{ type: 'user-account', spec_version: '2.1', id: `user-account--${randomUUID()}`, account_type: 'phone', user_id: '13800000000' }],
    custody: [], contactDesk: { name: `${member.name} desk`, nameZh: '联系窗口', phone: '010-00000000', email: 'desk@bank.example' }, limitations: ['# not a | heading'],
    facets: { kinds: ['phone'], evidence: ['INDICATORS'], items: 1 },
  };
}

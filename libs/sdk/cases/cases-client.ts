/** A member's or coordinator's side of a joint case. Every officer's statement is made here, with a key the hub never sees. */
import { randomUUID } from 'node:crypto';
import { approvalDigest, signStatement, verifyWithPins, type PrivateJwk } from '#crypto';
import { DomainError, canonicalJson, type Json } from '#kernel';
import { parseEnvelope, parseProposal, type CaseBasis, type EnvelopePayload } from '#protocol';
import { v7 as uuidv7 } from 'uuid';
import type { PartyHome } from '../keys/index.js';
import { allPages } from '../query/index.js';
import type { HubClient } from '../transport/index.js';
import { partySubject } from '../verify/index.js';
import { CASE_DOCUMENTS } from './case-documents.js';
import type { HubCase } from './case-view.js';
import { pinnedRecipientKeys, recipientsOf } from './pinned-recipients.js';

export interface CaseProposal {
  readonly liaisonId: string;
  readonly category: string;
  readonly purpose: string;
  readonly legalBasis: CaseBasis;
  readonly overlapIds: readonly string[];
}

export class CasesClient {
  constructor(private readonly home: PartyHome, private readonly hub: HubClient) {}

  /** @throws DomainError KEY_NOT_TRUSTED unless the liaison's seal keys are pinned */
  async propose(proposal: CaseProposal, officer: PrivateJwk): Promise<{ caseId: string }> {
    const { liaisonId, category, purpose, legalBasis, overlapIds } = proposal;
    const recipients = recipientsOf(this.home.trust, liaisonId);
    const statement = { v: 1, case: uuidv7(), lead: this.home.party.partyId, category, purpose, legalBasis: { ...legalBasis }, liaison: liaisonId, time: new Date().toISOString() };
    const jws = await signStatement('tally-proposal+1', statement, officer);
    return this.mutate('proposeCase', { jws, overlapIds, recipients });
  }

  async show(id: string): Promise<HubCase> {
    return (await this.hub.graphql<{ jointCase: HubCase }>(CASE_DOCUMENTS.jointCase, { id })).jointCase;
  }

  async list(): Promise<HubCase[]> {
    const found: HubCase[] = [];
    for await (const one of allPages<HubCase>(this.hub, 'jointCases', CASE_DOCUMENTS.jointCases)) found.push(one);
    return found;
  }

  answer(caseId: string, answer: 'JOIN' | 'DECLINE'): Promise<{ caseId: string }> {
    return this.mutate('answerInvitation', { caseId, answer });
  }

  withdraw(caseId: string): Promise<{ caseId: string }> {
    return this.mutate('withdrawCase', { caseId });
  }

  sendTestPackage(liaisonId: string): Promise<{ packageId: string }> {
    return this.mutate('sendTestPackage', { liaisonId });
  }

  /**
   * Signs what the payload says, not what the hub says about it: the digest is computed here, the recipients are compared with
   * the pins and with the liaison that the proposing officer named, the own contributions are looked for in it.
   * @throws DomainError DIGEST_MISMATCH, KEY_NOT_TRUSTED, STATE_CONFLICT when there is nothing to approve
   */
  async approve(caseId: string, officer: PrivateJwk): Promise<{ caseId: string; approvals: number; packageId: string | null; digest: string }> {
    const one = await this.show(caseId);
    if (!one.approvable) throw new DomainError('STATE_CONFLICT', 'nothing to approve', { state: one.state });
    const payload = this.readPayload(one);
    pinnedRecipientKeys(this.home.trust, one.liaisonId, payload.recipients);
    await this.assertProposed(payload);
    const digest = approvalDigest(payload as unknown as Record<string, Json>);
    if (digest !== one.approvable.digest) throw new DomainError('DIGEST_MISMATCH', 'the hub tells another digest');
    const lines = new Set(payload.contributions.map((line) => `${line.id} ${line.sha256}`));
    if (!one.ownContributions.every((own) => lines.has(`${own.id} ${own.sha256}`))) throw new DomainError('DIGEST_MISMATCH', 'an own contribution is missing');
    const statement = { v: 1, case: caseId, package: payload.id, digest, recipients: payload.recipients, purpose: payload.purpose, time: new Date().toISOString() };
    const jws = await signStatement('tally-approval+1', statement as unknown as Json, officer);
    return { ...(await this.mutate<{ caseId: string; approvals: number; packageId: string | null }>('approveCase', { caseId, jws })), digest };
  }

  /**
   * To whom, why and about what is the proposing officer's word, not the hub's: another liaison may be pinned too. The lead always knows its
   * officers; a coordinator that has not pinned them compares only, since nothing is sent without the lead's approval.
   */
  private async assertProposed(payload: EnvelopePayload): Promise<void> {
    const own = payload.lead === this.home.party.partyId;
    const officers = [...this.home.trust.of(partySubject(payload.lead!), 'officer'), ...(own ? this.home.publicFile().officers : [])].map(({ jwk }) => jwk);
    const words = own || officers.length > 0 ? (await verifyWithPins('tally-proposal+1', payload.proposal!, officers)).payload : unverifiedPayload(payload.proposal!);
    const proposed = parseProposal(words);
    const same = proposed.case === payload.case && proposed.lead === payload.lead && proposed.purpose === payload.purpose && proposed.category === payload.category
      && payload.recipients.every(({ agency }) => agency === proposed.liaison);
    if (!same) throw new DomainError('DIGEST_MISMATCH', 'not what the officer proposed');
  }

  private readPayload(one: HubCase): EnvelopePayload {
    const payload = parseEnvelope(JSON.parse(one.approvable!.payload));
    const same = payload.case === one.id && payload.id === one.packageId && payload.purpose === one.purpose && payload.category === one.category;
    if (!same || canonicalJson(payload as unknown as Json) !== one.approvable!.payload) throw new DomainError('DIGEST_MISMATCH', 'payload of another case');
    return payload;
  }

  private async mutate<T>(name: 'proposeCase' | 'answerInvitation' | 'approveCase' | 'withdrawCase' | 'sendTestPackage', input: object): Promise<T> {
    const answer = await this.hub.graphql<Record<string, T>>(CASE_DOCUMENTS[name], { input: { idempotencyKey: randomUUID(), ...input } });
    return answer[name]!;
  }
}

function unverifiedPayload(jws: string): unknown {
  try {
    return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    throw new DomainError('SIGNATURE_INVALID', 'proposal is not a statement');
  }
}

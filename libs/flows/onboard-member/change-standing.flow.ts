/**
 * Admission, suspension and lifting: the hub's client asks, but what counts are the signatures of officers of
 * coordinators, whose keys live outside the hub. Admission and lifting wait for a second, different officer; suspension
 * does not wait. What others see on the party's clues follows by a job.
 */
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { claimedKeyId, verifyStatement } from '#crypto';
import { AuditIntake } from '#domain/audit';
import {
  ACT_RULES, ActMismatchError, Directory, OfficerNotEntitledError, OwnPartyError, PartiesRepository, PartyAlreadyKnownError, PartyUnknownError,
  readPublicFile, SameOfficerError, StatusConflictError, type ListedParty, type Officer,
} from '#domain/members';
import type { MemberId, PartyId } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { Idempotency } from '#platform/idempotency';
import { Outbox } from '#platform/queue';
import { admissionDigest, parseDirectoryAct, statementTypeOf, type DirectoryAct, type DirectoryAction } from '#protocol';

export interface SignedAct {
  readonly idempotencyKey: string;
  /** Officer's statement (libs/protocol directory-acts). */
  readonly jws: string;
}
export interface ProposeAdmission extends SignedAct {
  /** Text of the party's public.json. */
  readonly publicFile: string;
}

interface Verified {
  readonly officer: Officer;
  readonly act: DirectoryAct;
  readonly jws: string;
}

export class Federation {
  constructor(readonly id: string) {}
}

@Injectable()
export class ChangeStandingFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly parties: PartiesRepository, private readonly directory: Directory,
    private readonly audit: AuditIntake, private readonly idempotency: Idempotency, private readonly federation: Federation, private readonly outbox: Outbox,
  ) {}

  /** First officer. @throws DomainError BAD_INPUT, SIGNATURE_INVALID, FORBIDDEN, DIGEST_MISMATCH, ALREADY_EXISTS */
  async proposeAdmission(actor: Actor, { idempotencyKey, publicFile, jws }: ProposeAdmission): Promise<ListedParty> {
    const party = readPublicFile(publicFile);
    const digest = admissionDigest(party);
    return this.once(actor, 'proposeAdmission', idempotencyKey, { digest, jws }, async (tx) => {
      const verified = await this.verify(tx, 'ADMIT', jws);
      if (verified.act.party !== party.partyId || verified.act.digest !== digest) throw new ActMismatchError();
      if (await this.parties.isKnown(tx, party)) throw new PartyAlreadyKnownError();
      await this.parties.insertPending(tx, party);
      await this.open(tx, verified);
      return verified.act;
    });
  }

  /** Second officer. @throws DomainError NOT_FOUND, SIGNATURE_INVALID, FORBIDDEN, DIGEST_MISMATCH, FOUR_EYES_REQUIRED */
  approveAdmission(actor: Actor, input: SignedAct): Promise<ListedParty> {
    return this.once(actor, 'approveAdmission', input.idempotencyKey, { jws: input.jws }, async (tx) => {
      const verified = await this.verify(tx, 'ADMIT', input.jws);
      await this.standing(tx, verified.act);
      if (!await this.second(tx, verified)) throw new PartyUnknownError();
      return verified.act;
    });
  }

  /** One officer. @throws DomainError NOT_FOUND, SIGNATURE_INVALID, FORBIDDEN, STATE_CONFLICT, POLICY_FORBIDS */
  suspend(actor: Actor, input: SignedAct): Promise<ListedParty> {
    return this.once(actor, 'suspendParty', input.idempotencyKey, { jws: input.jws }, async (tx) => {
      const verified = await this.verify(tx, 'SUSPEND', input.jws);
      if (verified.act.party === actor.partyId) throw new OwnPartyError();
      await this.standing(tx, verified.act);
      const id = uuidv7();
      await this.parties.insertAct(tx, id, verified.act, 'DONE');
      await this.parties.sign(tx, id, { officerId: verified.officer.officerId, jws: verified.jws });
      await this.parties.moveTo(tx, verified.act.party as PartyId, ACT_RULES.SUSPEND.to, true);
      await this.outbox.append(tx, 'overlaps.standing', { memberId: verified.act.party as MemberId });
      return verified.act;
    });
  }

  /** First call proposes, a second by another officer lifts. @throws as approveAdmission, STATE_CONFLICT, POLICY_FORBIDS */
  liftSuspension(actor: Actor, input: SignedAct): Promise<ListedParty> {
    return this.once(actor, 'liftSuspension', input.idempotencyKey, { jws: input.jws }, async (tx) => {
      const verified = await this.verify(tx, 'LIFT', input.jws);
      if (verified.act.party === actor.partyId) throw new OwnPartyError();
      await this.standing(tx, verified.act);
      if (!await this.second(tx, verified)) await this.open(tx, verified);
      return verified.act;
    });
  }

  private once(actor: Actor, operation: string, key: string, request: object, work: (tx: Tx) => Promise<DirectoryAct>): Promise<ListedParty> {
    return this.tenant.run(actor, async (tx) => {
      const { party } = await this.idempotency.run(tx, { operation, key, request }, async () => {
        const act = await work(tx);
        const event = { kind: `members.${act.action.toLowerCase()}-signed`, party: act.party, policyVersion: act.policyVersion };
        // Fixed order, so that two acts cannot wait for each other's history.
        for (const id of [...new Set([actor.partyId, act.party as PartyId])].sort()) await this.audit.appendFor(tx, id, event);
        return { party: act.party };
      });
      const listed = await this.parties.find(tx, party as PartyId);
      if (listed === null) throw new PartyUnknownError();
      return listed;
    });
  }

  private async verify(tx: Tx, action: DirectoryAction, jws: string): Promise<Verified> {
    const officer = await this.directory.officerByKey(tx, claimedKeyId(jws));
    if (officer === null || officer.role !== 'coordinator') throw new OfficerNotEntitledError();
    const act = parseDirectoryAct((await verifyStatement(statementTypeOf(action), jws, officer.jwk)).payload);
    if (act.action !== action || act.federation !== this.federation.id) throw new ActMismatchError();
    return { officer, act, jws };
  }

  /** Status and policy version are what the officer signed for; the row stays locked. */
  private async standing(tx: Tx, act: DirectoryAct): Promise<void> {
    const party = await this.parties.forUpdate(tx, act.party as PartyId);
    if (party === null) throw new PartyUnknownError();
    if (party.status !== ACT_RULES[act.action].from || party.policyVersion !== act.policyVersion) throw new StatusConflictError(party.status);
  }

  private async open(tx: Tx, { act, officer, jws }: Verified): Promise<void> {
    const id = uuidv7();
    await this.parties.insertAct(tx, id, act, 'PROPOSED');
    await this.parties.sign(tx, id, { officerId: officer.officerId, jws });
  }

  /** Adds the second signature and carries the act out; false when nothing waits for it. */
  private async second(tx: Tx, { act, officer, jws }: Verified): Promise<boolean> {
    const waiting = await this.parties.openAct(tx, act.party as PartyId, act.action);
    if (waiting === null) return false;
    if (act.digest !== null && waiting.digest !== act.digest) throw new ActMismatchError();
    if (waiting.officers.includes(officer.officerId)) throw new SameOfficerError();
    await this.parties.sign(tx, waiting.id, { officerId: officer.officerId, jws });
    await this.parties.finishAct(tx, waiting.id);
    await this.parties.moveTo(tx, act.party as PartyId, ACT_RULES[act.action].to, act.action !== 'ADMIT');
    if (act.action === 'LIFT') await this.outbox.append(tx, 'overlaps.standing', { memberId: act.party as MemberId });
    return true;
  }
}

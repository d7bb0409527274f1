/**
 * Announcing an epoch and stopping one. Two kinds of signature must come together: at least t key-holders' (on the manifest, or on the
 * stop) and that of a coordinator's officer, who binds it to this network and to the length of the overlap. Every member gets one
 * event; what happens to tokens follows by a job, when the overlap is over or, after a stop, now.
 */
import { Injectable } from '@nestjs/common';
import { claimedKeyId, verifyStatement } from '#crypto';
import { EpochsRepository, statesOf, type RegisteredEpoch } from '#domain/epochs';
import { ActMismatchError, Directory, OfficerNotEntitledError, PartiesRepository, type Officer } from '#domain/members';
import { DomainError, systemClock, type Json } from '#kernel';
import { TenantTx, type Actor, type Tx } from '#platform/database';
import { EPOCH_ANNOUNCE_TYP, EPOCH_STOP_ORDER_TYP, parseEpochAct, type EpochAct } from '#protocol';
import { EpochRecords } from './epoch-records.js';
import { PinnedHolders } from './holder-pins.js';

export interface EpochChange {
  readonly idempotencyKey: string;
  /** Text of the document that the holders signed: the manifest of the new epoch, or the stop of an old one. */
  readonly document: string;
  /** Officer's statement over its digest (libs/protocol epoch-documents). */
  readonly jws: string;
}

export class EpochFederation {
  constructor(readonly id: string) {}
}

const DAY_MS = 86_400_000;
/** As long as a transaction that began before the end can last (migrations/epoch-functions.ts). */
const AFTER_OVERLAP_MS = 6 * 60_000;

@Injectable()
export class ChangeEpochFlow {
  constructor(
    private readonly tenant: TenantTx, private readonly epochs: EpochsRepository, private readonly directory: Directory, private readonly parties: PartiesRepository,
    private readonly records: EpochRecords, private readonly holders: PinnedHolders, private readonly federation: EpochFederation,
  ) {}

  /** @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID, MANIFEST_INVALID, FORBIDDEN, DIGEST_MISMATCH, STATE_CONFLICT */
  async announce(actor: Actor, input: EpochChange): Promise<RegisteredEpoch[]> {
    const document = parsed(input.document);
    const { manifest, hash, digest } = await this.holders.manifest(document, this.federation.id);
    return this.once(actor, 'announceEpoch', input, async (tx) => {
      const { officer, act } = await this.verify(tx, EPOCH_ANNOUNCE_TYP, input.jws, { epoch: manifest.epoch, digest });
      await this.epochs.change(tx);
      const known = await this.epochs.list(tx);
      const newest = Math.max(-1, ...known.map(({ epoch }) => epoch));
      if (manifest.epoch <= newest) throw new DomainError('STATE_CONFLICT', 'not later than the epochs of the register', { epoch: manifest.epoch, newest });
      const { epochId, erasureId } = await this.epochs.announce(tx, {
        epoch: manifest.epoch, manifestHash: hash, manifest: document, act: input.jws, officerId: officer.officerId, overlapDays: act.overlapDays,
      });
      await this.records.of(tx, { kind: 'epochs.announced', epoch: manifest.epoch, digest, overlapDays: act.overlapDays }, 'EPOCH_ANNOUNCED', epochId, await this.parties.activeMembers(tx));
      await this.records.erase(tx, erasureId, act.overlapDays * DAY_MS + AFTER_OVERLAP_MS);
    });
  }

  /** At once and for good. @throws as announce, ALREADY_EXISTS */
  stop(actor: Actor, input: EpochChange): Promise<RegisteredEpoch[]> {
    const document = parsed(input.document);
    const { stop, digest } = this.holders.stop(document, this.federation.id);
    return this.once(actor, 'stopEpoch', input, async (tx) => {
      const { officer } = await this.verify(tx, EPOCH_STOP_ORDER_TYP, input.jws, { epoch: stop.epoch, digest });
      await this.epochs.change(tx);
      if ((await this.epochs.list(tx)).some(({ epoch, stoppedAt }) => epoch === stop.epoch && stoppedAt !== null)) throw new DomainError('ALREADY_EXISTS', 'the epoch was stopped before', { epoch: stop.epoch });
      const { epochId, erasureId } = await this.epochs.stop(tx, { epoch: stop.epoch, stop: document, act: input.jws, officerId: officer.officerId });
      await this.records.of(tx, { kind: 'epochs.stopped', epoch: stop.epoch, digest }, 'EPOCH_STOPPED', epochId, await this.parties.activeMembers(tx));
      await this.records.erase(tx, erasureId, 0);
    });
  }

  list(actor: Actor): Promise<RegisteredEpoch[]> {
    return this.tenant.run(actor, (tx) => this.states(tx));
  }

  private once(actor: Actor, operation: string, { idempotencyKey, document, jws }: EpochChange, work: (tx: Tx) => Promise<void>): Promise<RegisteredEpoch[]> {
    return this.tenant.run(actor, async (tx) => {
      await this.records.once(tx, operation, idempotencyKey, { document, jws }, work);
      return this.states(tx);
    });
  }

  private async states(tx: Tx): Promise<RegisteredEpoch[]> {
    return statesOf(await this.epochs.list(tx), systemClock.now());
  }

  private async verify(tx: Tx, typ: typeof EPOCH_ANNOUNCE_TYP | typeof EPOCH_STOP_ORDER_TYP, jws: string, about: { epoch: number; digest: string }): Promise<{ officer: Officer; act: EpochAct }> {
    const officer = await this.directory.officerByKey(tx, claimedKeyId(jws));
    if (officer === null || officer.role !== 'coordinator') throw new OfficerNotEntitledError();
    const act = parseEpochAct((await verifyStatement(typ, jws, officer.jwk)).payload as Json);
    if (act.federation !== this.federation.id || act.epoch !== about.epoch || act.digest !== about.digest) throw new ActMismatchError();
    return { officer, act };
  }
}

function parsed(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    throw new DomainError('BAD_INPUT', 'not JSON', { field: 'document' });
  }
}

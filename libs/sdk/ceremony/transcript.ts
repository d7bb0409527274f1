/**
 * What has been said at a ceremony, as this holder saw it. Every message is verified when it is taken up: the sender's pinned key, this ceremony,
 * this round. A second, different message of one sender in one round is equivocation: both are kept, the ceremony stops. A holder that hears
 * one thing while others hear another is found out one round later, for every message carries the hash of everything before it.
 */
import { CEREMONY_MESSAGE_TYP, CEREMONY_ROUNDS, type CeremonyMessage, type CeremonyRound, type BodyOf, parseCeremonyMessage } from '#protocol';
import { sha256, signerOf, signGeneralJws, toBase64url, verifyGeneralJws } from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { messageName, messagesIn, publish, type Stage } from './ceremony-files.js';
import type { Sitting } from './sitting.js';

type Said = keyof BodyOf;
interface Heard {
  readonly message: CeremonyMessage;
  readonly digest: string;
}

export class Transcript {
  private readonly heard = new Map<string, Heard>();

  constructor(private readonly sitting: Sitting) {}

  /** Takes up what lies in the store and in the exchange folder. @throws SIGNATURE_INVALID, BAD_INPUT, STATE_CONFLICT (equivocation) */
  collect(): void {
    const { store, folder } = this.sitting;
    for (const round of [...CEREMONY_ROUNDS, 'complaint'] as const) {
      const known = new Map(messagesIn(store.directory, round).map(({ sender, content }) => [sender, content]));
      for (const [sender, content] of known) this.take(round, sender, content);
      for (const { sender, content } of messagesIn(folder, round)) {
        if (JSON.stringify(known.get(sender)) === JSON.stringify(content)) continue;
        this.take(round, sender, content);
        if (!known.has(sender)) store.writeOnce(messageName(round, sender), content, true);
      }
    }
  }

  private take(round: Said, sender: string, content: unknown): void {
    const message = this.verified(round, sender, content);
    const digest = toBase64url(sha256(canonicalBytes(message as unknown as Json)));
    const before = this.heard.get(`${round} ${sender}`);
    if (before !== undefined && before.digest !== digest) {
      this.sitting.store.writeOnce(`equivocation-${sender}-${round}.json`, content);
      throw new DomainError('STATE_CONFLICT', 'a holder said two different things in one round', { reason: 'equivocation', round, holder: sender });
    }
    this.heard.set(`${round} ${sender}`, { message, digest });
  }

  private verified(round: Said, sender: string, content: unknown): CeremonyMessage {
    const pin = this.sitting.pins.get(sender);
    if (pin === undefined) throw new DomainError('BAD_INPUT', 'message of somebody who is not of this ceremony', { round, holder: sender });
    const message = parseCeremonyMessage(this.payloadOf(content, sender, round));
    if (message.ceremony !== this.sitting.id) throw new DomainError('BAD_INPUT', 'message of another ceremony', { reason: 'replay', round, holder: sender });
    if (message.sender !== sender || message.round !== round) throw new DomainError('BAD_INPUT', 'message out of its place', { reason: 'replay', round, holder: sender });
    return message;
  }

  private payloadOf(content: unknown, sender: string, round: Said): Json {
    try {
      return verifyGeneralJws(content, { typ: CEREMONY_MESSAGE_TYP, pins: [this.sitting.pins.get(sender)!], threshold: 1 }).payload;
    } catch (cause) {
      throw new DomainError('SIGNATURE_INVALID', 'message is not signed by its sender', { round, holder: sender }, { cause });
    }
  }

  body<R extends Said>(round: R, sender: string): BodyOf[R] | undefined {
    return this.heard.get(`${round} ${sender}`)?.message.body as BodyOf[R] | undefined;
  }

  has(round: Said, sender: string): boolean {
    return this.heard.has(`${round} ${sender}`);
  }

  complaints(): CeremonyMessage<'complaint'>[] {
    return this.sitting.people.flatMap(({ id }) => this.heard.get(`complaint ${id}`)?.message as CeremonyMessage<'complaint'> ?? []);
  }

  missing(round: CeremonyRound): string[] {
    return this.sitting.people.map(({ id }) => id).filter((id) => !this.has(round, id));
  }

  /**
   * Hash of the plan and of all messages before a round; for `complaint` and after the last round, of all rounds that bear on it.
   * @throws DIGEST_MISMATCH naming who saw another transcript; STATE_CONFLICT while messages are missing
   */
  hashBefore(round: CeremonyRound | 'end'): string {
    const count = round === 'end' ? CEREMONY_ROUNDS.length : CEREMONY_ROUNDS.indexOf(round);
    return CEREMONY_ROUNDS.slice(0, count).reduce((previous, one) => this.chained(previous, one), this.sitting.id);
  }

  private chained(previous: string, round: CeremonyRound): string {
    const missing = this.missing(round);
    if (missing.length > 0) throw new DomainError('STATE_CONFLICT', 'messages of a round are missing', { round, waitingFor: missing });
    const said = this.sitting.people.map(({ id }) => this.heard.get(`${round} ${id}`)!);
    const others = said.filter(({ message }) => message.transcript !== previous).map(({ message }) => message.sender);
    if (others.length > 0) throw new DomainError('DIGEST_MISMATCH', 'holders saw different transcripts', { reason: 'transcript', round, holders: others });
    return toBase64url(sha256(canonicalBytes({ previous, round, messages: said.map(({ message, digest }) => [message.sender, digest]) })));
  }

  /** Says it once: what is on disk already is said again. */
  say<R extends Said>(round: R, body: BodyOf[R]): void {
    const { store, self, id, home } = this.sitting;
    const name = messageName(round, self.id);
    if (!store.has(name)) {
      const message: CeremonyMessage<R> = { v: 1, ceremony: id, round, sender: self.id, transcript: this.hashBefore(round === 'complaint' ? 'confirm' : round as CeremonyRound), body };
      store.writeOnce(name, signGeneralJws({ typ: CEREMONY_MESSAGE_TYP, payload: message as unknown as Json, signers: [signerOf(home.evidenceKey())] }));
    }
    this.take(round, self.id, store.read(name));
    this.repeat(round);
  }

  /** Puts one's own message (again) into the exchange folder. */
  repeat(stage: Stage): void {
    const name = messageName(stage, this.sitting.self.id);
    if (this.sitting.store.has(name)) publish(this.sitting.folder, name, this.sitting.store.read(name));
  }
}


/**
 * Pinned keys of others (trust.json, 0600). A key is believed because two people compared its fingerprint over another
 * channel, never because a server served it: nothing but `tally trust` writes here.
 */
import { existsSync } from 'node:fs';
import { keyIdOf, publicJwk, type PublicJwk } from '#crypto';
import { DomainError } from '#kernel';
import { readPrivateFile, writePrivateFile } from '../keys/private-file.js';
import { fingerprintOf, sameFingerprint, subjectsOf, type PublicFile } from '../keys/public-file.js';

export interface Pin {
  /** 'hub', 'holder:<id>' or 'party:<uuid>'. */
  readonly subject: string;
  /** Of the key: auth, evidence, seal, officer, package, status, manifest. */
  readonly use: string;
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly name: string;
  readonly pinnedAt: string;
  readonly nameZh?: string;
  /** Role of the party, bound by the fingerprint: an approval by a coordinator's officer needs it. */
  readonly role?: string;
  /** For use 'officer'. */
  readonly officerId?: string;
}

export class TrustStore {
  constructor(private readonly file: string) {}

  /** @throws CONFIG_INVALID when the file is damaged or writable by others */
  list(): readonly Pin[] {
    if (!existsSync(this.file)) return [];
    try {
      const pins = JSON.parse(readPrivateFile(this.file, 'CONFIG_INVALID').toString('utf8')) as Pin[];
      if (pins.some((pin) => keyIdOf(publicJwk(pin.jwk)) !== pin.kid)) throw new TypeError('kid');
      return pins;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'CONFIG_INVALID') throw error;
      throw new DomainError('CONFIG_INVALID', 'trust.json is damaged', { file: 'trust.json' });
    }
  }

  /** Pinned keys of a subject, of one use if given; empty when there is none. */
  of(subject: string, use?: string): readonly Pin[] {
    return this.list().filter((pin) => pin.subject === subject && (use === undefined || pin.use === use));
  }

  /** The pin, for callers that cannot go on without. @throws KEY_NOT_TRUSTED */
  require(subject: string, use: string, kid?: string): Pin {
    const pin = this.of(subject, use).find((candidate) => kid === undefined || candidate.kid === kid);
    if (!pin) throw new DomainError('KEY_NOT_TRUSTED', 'no pinned key', { subject, use });
    return pin;
  }

  /**
   * Pins every key and officer of a public file. Another key for a use that is pinned already is a change of key.
   * @throws KEY_NOT_TRUSTED when the fingerprint is not the file's; STATE_CONFLICT for a change without `replace`
   */
  add(file: PublicFile, fingerprint: string, now: Date, replace = false): readonly Pin[] {
    if (!sameFingerprint(fingerprintOf(file), fingerprint)) throw new DomainError('KEY_NOT_TRUSTED', 'fingerprint differs', { subject: file.subject, reason: 'fingerprint' });
    const all = this.list();
    const files = subjectsOf(file);
    const added = files.flatMap((part) => pinsOf(part, all.filter((pin) => pin.subject === part.subject), now, replace));
    const others = all.filter((pin) => !files.some(({ subject }) => subject === pin.subject));
    this.write([...others, ...added]);
    return added;
  }

  /**
   * Takes back the pins of a subject, or one key of it. What rests on them is not believed any more, from the next command on: whoever
   * reads a signature asks here each time.
   * @throws NOT_FOUND when there is no such pin
   */
  remove(subject: string, kid?: string): readonly Pin[] {
    const all = this.list();
    const removed = all.filter((pin) => pin.subject === subject && (kid === undefined || pin.kid === kid));
    if (removed.length === 0) throw new DomainError('NOT_FOUND', 'no pinned key', { subject });
    this.write(all.filter((pin) => !removed.includes(pin)));
    return removed;
  }

  private write(pins: readonly Pin[]): void {
    writePrivateFile(this.file, `${JSON.stringify(pins, null, 2)}\n`);
  }
}

function pinsOf(file: PublicFile, old: readonly Pin[], now: Date, replace: boolean): Pin[] {
  const { subject, name, nameZh, role } = file;
  const pinnedAt = now.toISOString();
  const ofParty = { ...(nameZh === undefined ? {} : { nameZh }), ...(role === undefined ? {} : { role }) };
  const fresh: Pin[] = [
    ...file.keys.map(({ use, kid, jwk }) => ({ subject, use, kid, jwk, name, pinnedAt, ...ofParty })),
    ...file.officers.map((officer) => ({ subject, use: 'officer', kid: officer.kid, jwk: officer.jwk, name: officer.name, pinnedAt, ...ofParty, officerId: officer.id })),
  ];
  const kept = fresh.map((pin) => old.find((known) => known.use === pin.use && known.kid === pin.kid) ?? pin);
  const changed = old.length > 0 && (kept.length !== old.length || kept.some((pin) => !old.includes(pin)));
  if (changed && !replace) throw new DomainError('STATE_CONFLICT', 'other keys are pinned for this subject', { subject, reason: 'already pinned' });
  return kept;
}

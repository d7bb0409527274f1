/**
 * Pinned keys: what two people compared over another channel. `hub` pins sign packages; a party's pins are its evidence, seal
 * and officers' keys. A key that is not here does not exist for a verifier.
 */
import { keyIdOf, publicJwk, type PublicJwk } from '#crypto';
import { DomainError } from '#kernel';
import type { Pin } from '../trust/index.js';

export class TrustedKeys {
  constructor(private readonly pins: readonly Pin[]) {}

  /** Checks that every kid is the thumbprint of its key: the file may have been edited. @throws DomainError KEY_NOT_TRUSTED */
  static async from(pins: readonly Pin[]): Promise<TrustedKeys> {
    for (const pin of pins) {
      if ((keyIdOf(publicJwk(pin.jwk))) !== pin.kid) throw new DomainError('KEY_NOT_TRUSTED', 'a pin does not match its key');
    }
    return new TrustedKeys(pins);
  }

  keysOf(subject: string, use: string): readonly PublicJwk[] {
    return this.pins.filter((pin) => pin.subject === subject && pin.use === use).map((pin) => publicJwk(pin.jwk));
  }
  find(kid: string, use: string): Pin | null {
    return this.pins.find((pin) => pin.kid === kid && pin.use === use) ?? null;
  }
  /** The party's name as pinned, never as a package tells it. */
  nameOf(subject: string): { readonly name: string; readonly nameZh: string } | null {
    const pin = this.pins.find((one) => one.subject === subject && one.use !== 'officer') ?? null;
    return pin && { name: pin.name, nameZh: pin.nameZh ?? pin.name };
  }
}

export function partySubject(partyId: string): string {
  return `party:${partyId}`;
}

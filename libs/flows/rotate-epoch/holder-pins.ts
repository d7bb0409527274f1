/**
 * The key-holders whose signatures this hub goes by, pinned out of band. Without them no epoch is announced or stopped here: an officer
 * of a coordinator and the hub's operator together must not be able to say what the network's key is. Members do not take the hub's word
 * either way; they judge every manifest by their own pins.
 */
import { createSodiumEngine, toBase64url, verifyEpochStop, verifyManifest, type Engine, type HolderPins } from '#crypto';
import { DomainError } from '#kernel';
import { groupKeyOf, parseEpochStop, parseManifest, type EpochStop, type Manifest } from '#protocol';

export class PinnedHolders {
  private engine: Promise<Engine> | null = null;

  constructor(private readonly pins: HolderPins | null) {}

  /** @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID, MANIFEST_INVALID */
  async manifest(jws: unknown, federation: string): Promise<{ readonly manifest: Manifest; readonly hash: Uint8Array; readonly digest: string }> {
    this.engine ??= createSodiumEngine();
    const { manifest, hash } = verifyManifest({ jws, pins: this.required(), engine: await this.engine, now: new Date(), parse: parseManifest, groupKeyOf });
    if (manifest.federation !== federation) throw new DomainError('MANIFEST_INVALID', 'manifest of another federation', { check: 'federation' });
    return { manifest, hash, digest: toBase64url(hash) };
  }

  /** @throws DomainError KEY_NOT_TRUSTED, SIGNATURE_INVALID, MANIFEST_INVALID */
  stop(jws: unknown, federation: string): { readonly stop: EpochStop; readonly digest: string } {
    const { stop, hash } = verifyEpochStop({ jws, pins: this.required(), parse: parseEpochStop });
    if (stop.federation !== federation) throw new DomainError('MANIFEST_INVALID', 'stop of another federation', { check: 'federation' });
    return { stop, digest: toBase64url(hash) };
  }

  private required(): HolderPins {
    if (this.pins === null) throw new DomainError('KEY_NOT_TRUSTED', 'this hub has no pinned key-holders', { subject: 'holders' });
    return this.pins;
  }
}

/** Key-holders as signers of documents: `const holders = await someHolders(); holders.manifest(2)`. */
import { randomBytes } from 'node:crypto';
import {
  createSodiumEngine, dealShares, EPOCH_STOP_TYP, generatePrivateJwk, MANIFEST_TYP, manifestHash, publicJwk, signerOf, signGeneralJws, toBase64url,
  type Engine, type PrivateJwk, type GeneralJws, type HolderPins,
} from '#crypto';
import { canonicalBytes, type Json } from '#kernel';
import type { EpochStop, Manifest } from '#protocol';

export interface SignedDocument {
  readonly jws: GeneralJws;
  /** What officers and requests name it by: base64url SHA-256 of the canonical payload. */
  readonly digest: string;
}

export class TestHolders {
  readonly keys: readonly PrivateJwk[] = [1, 2, 3].map(() => generatePrivateJwk());

  constructor(readonly federation: string, private readonly engine: Engine) {}

  get pins(): HolderPins {
    return { threshold: 2, holders: this.keys.map((jwk, i) => ({ owner: `holder-${i + 1}`, jwk: publicJwk(jwk) })) };
  }

  /** A fresh 2-of-3 key each time. */
  manifest(epoch: number, signers: readonly number[] = [1, 2], more: Partial<Manifest> = {}): SignedDocument {
    const dealt = dealShares(this.engine, [0, 1].map(() => this.engine.scalars.reduce(randomBytes(64))), 3);
    const now = Date.now();
    return this.sign(MANIFEST_TYP, {
      v: 1, federation: this.federation, suite: 'ristretto255-SHA512', epoch, generation: 0, threshold: 2,
      holders: dealt.shares.map(({ index, publicKey }) => ({ index, id: `holder-${index}`, publicKey: toBase64url(publicKey) })),
      publicKey: toBase64url(dealt.publicKey), commitments: dealt.commitments.map(toBase64url), origin: 'dealer',
      validFrom: new Date(now - 60_000).toISOString(), validUntil: new Date(now + 3_600_000).toISOString(), ...more,
    } satisfies Manifest, signers);
  }

  stop(epoch: number, signers: readonly number[] = [1, 2]): SignedDocument {
    return this.sign(EPOCH_STOP_TYP, { v: 1, federation: this.federation, epoch, stoppedAt: new Date().toISOString() } satisfies EpochStop, signers);
  }

  private sign(typ: string, document: object, signers: readonly number[]): SignedDocument {
    const payload = document as Json;
    const jws = signGeneralJws({ typ, payload, signers: signers.map((index) => signerOf(this.keys[index - 1]!)) });
    return { jws, digest: toBase64url(manifestHash(canonicalBytes(payload))) };
  }
}

export async function someHolders(federation = 'test-federation'): Promise<TestHolders> {
  return new TestHolders(federation, await createSodiumEngine());
}

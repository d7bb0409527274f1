/**
 * The demonstration dealer: makes a whole group key in one process, splits it, signs the manifest with evidence keys it also
 * makes. Whoever runs it has seen the key; that is why its shares say `origin: dealer` and production refuses them. A real
 * federation generates its key together (docs/protocol/documents.md).
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  createSodiumEngine, dealShares, type PrivateJwk, generatePrivateJwk, type HolderPins, MANIFEST_TYP, manifestHash, publicJwk, signerOf,
  signGeneralJws, SUITE_NAME, toBase64url,
} from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { type Manifest, parseManifest, type ShareFile } from '#protocol';

export const DEALER_NOTICE = 'DEMONSTRATION DEALER: this process has seen the whole key. Its shares are refused in production.';

export interface DealOptions {
  readonly out: string;
  readonly holders: number;
  readonly threshold: number;
  readonly federation: string;
  readonly hub: string;
  readonly epoch: number;
  /** Days from now; default 400. */
  readonly days?: number;
  /** Folder of an earlier deal: a further epoch of the same holders, who keep their evidence keys. */
  readonly beside?: string;
}

export interface Dealt {
  readonly notice: string;
  readonly federation: string;
  readonly hub: string;
  readonly epoch: number;
  readonly threshold: number;
  /** base64url SHA-256 of the canonical manifest. */
  readonly manifestHash: string;
  readonly manifestFile: string;
  readonly pinsFile: string;
  readonly holders: readonly { readonly index: number; readonly id: string; readonly shareFile: string; readonly evidenceKeyFile: string }[];
}

/** @throws DomainError POLICY_FORBIDS in production, ALREADY_EXISTS when the folder holds shares already */
export async function deal(options: DealOptions, profile: string | undefined): Promise<Dealt> {
  refuseProduction(profile);
  if (existsSync(path.join(options.out, 'manifest.json'))) throw new DomainError('ALREADY_EXISTS', 'the folder already holds a manifest');
  const engine = await createSodiumEngine();
  const coefficients = Array.from({ length: options.threshold }, () => engine.scalars.reduce(randomBytes(64)));
  const key = dealShares(engine, coefficients, options.holders);
  const now = new Date();
  const manifest: Manifest = {
    v: 1, federation: options.federation, suite: SUITE_NAME, epoch: options.epoch, generation: 0, threshold: options.threshold,
    holders: key.shares.map((share) => ({ index: share.index, id: holderId(share.index), publicKey: toBase64url(share.publicKey) })),
    publicKey: toBase64url(key.publicKey), commitments: key.commitments.map(toBase64url), origin: 'dealer',
    validFrom: now.toISOString(), validUntil: daysLater(now, options.days ?? 400),
  };
  const payload = parseManifest(manifest as unknown as Json) as unknown as Json;
  const evidence = key.shares.map(({ index }) => evidenceKeyOf(options, index));
  const pins: HolderPins = { threshold: options.threshold, holders: evidence.map((jwk, i) => ({ owner: holderId(i + 1), jwk: publicJwk(jwk) })) };

  mkdirSync(options.out, { recursive: true });
  const holders = key.shares.map((share, i) => writeHolder(options, share.index, toBase64url(share.secret), evidence[i] as PrivateJwk));
  coefficients.forEach((coefficient) => coefficient.fill(0));
  key.shares.forEach((share) => share.secret.fill(0));
  const manifestFile = writeJson(path.join(options.out, 'manifest.json'), signGeneralJws({ typ: MANIFEST_TYP, payload, signers: evidence.map(signerOf) }), 0o644);
  const pinsFile = writeJson(path.join(options.out, 'pins.json'), pins, 0o644);
  return {
    notice: DEALER_NOTICE, federation: options.federation, hub: options.hub, epoch: options.epoch, threshold: options.threshold,
    manifestHash: toBase64url(manifestHash(canonicalBytes(payload))), manifestFile, pinsFile, holders,
  };
}

export function refuseProduction(profile: string | undefined): void {
  if (profile === undefined || profile === 'demo' || profile === 'test') return;
  throw new DomainError('POLICY_FORBIDS', 'a dealer is for demonstrations and tests: in production the holders generate their key together');
}

function evidenceKeyOf({ beside }: DealOptions, index: number): PrivateJwk {
  return beside === undefined ? generatePrivateJwk() : readJson(path.join(beside, holderId(index), 'evidence.jwk.json')) as PrivateJwk;
}

export function holderId(index: number): string {
  return `holder-${index}`;
}

function writeHolder(options: DealOptions, index: number, secret: string, evidence: PrivateJwk): Dealt['holders'][number] {
  const dir = path.join(options.out, holderId(index));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const share: ShareFile = {
    v: 1, origin: 'dealer', federation: options.federation, epoch: options.epoch, index, holderId: holderId(index), shares: [{ generation: 0, secret }],
  };
  return {
    index, id: holderId(index),
    shareFile: writeJson(path.join(dir, 'share.json'), share, 0o600),
    evidenceKeyFile: writeJson(path.join(dir, 'evidence.jwk.json'), evidence, 0o600),
  };
}

export function writeJson(file: string, value: object, mode: number): string {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode });
  chmodSync(file, mode);
  return file;
}

export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new DomainError('FILE_UNREADABLE', `cannot read ${path.basename(file)} as JSON`);
  }
}

export function daysLater(from: Date, days: number): string {
  return new Date(from.getTime() + days * 86_400_000).toISOString();
}

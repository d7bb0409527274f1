/** The beginning of a ceremony: one holder writes the plan, each agrees to it by joining. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { signerOf, signGeneralJws, SUITE_NAME, keyIdOf, toBase64url } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { CEREMONY_PLAN_TYP, type CeremonyHolder, type CeremonyPlan, type Manifest, parseCeremonyPlan, parseManifest } from '#protocol';
import { BASE_FILE, PLAN_FILE, publish, readPublicJson } from './ceremony-files.js';
import type { HolderHome } from './holder-home.js';
import { epochFile } from './share-store.js';
import { hashOfManifest, payloadOf } from './sitting.js';

export interface Opening {
  readonly folder: string;
  readonly epoch: number;
  readonly days: number;
  readonly now: Date;
}

/** A new group key. @param holders ids, in the order of their indices */
export function openGeneration(home: HolderHome, opening: Opening & { readonly threshold: number; readonly holders: readonly string[] }): CeremonyPlan {
  const holders = opening.holders.map((id, i) => personOf(home, id, i + 1));
  return writePlan(home, opening, { kind: 'generate', generation: 0, threshold: opening.threshold, holders, dealers: opening.holders, leaving: [], base: null });
}

/** New shares of the same key for the same holders. */
export function openRefresh(home: HolderHome, opening: Opening): CeremonyPlan {
  const { manifest, jws } = currentManifest(home, opening.epoch);
  const holders = manifest.holders.map(({ id, index }) => personOf(home, id, index));
  return writePlan(home, opening, {
    kind: 'refresh', generation: manifest.generation + 1, threshold: manifest.threshold, holders, dealers: holders.map(({ id }) => id), leaving: [], base: hashOfManifest(manifest),
  }, jws);
}

export interface Resharing extends Opening {
  readonly threshold: number;
  readonly holders: readonly string[];
  /** The old holders who deal; default: the first ones that stay, then those that leave. */
  readonly dealers?: readonly string[];
}

/** The same key for other holders or another threshold. */
export function openResharing(home: HolderHome, opening: Resharing): CeremonyPlan {
  const { manifest, jws } = currentManifest(home, opening.epoch);
  const old = new Map(manifest.holders.map(({ id, index }) => [id, index]));
  const free = Array.from({ length: 16 }, (_, i) => i + 1).filter((index) => ![...old.values()].includes(index));
  const holders = opening.holders.map((id) => personOf(home, id, old.get(id) ?? free.shift() ?? 0));
  const candidates = [...opening.holders.filter((id) => old.has(id)), ...[...old.keys()].filter((id) => !opening.holders.includes(id))];
  const dealers = opening.dealers ?? candidates.slice(0, manifest.threshold);
  const leaving = dealers.filter((id) => !opening.holders.includes(id)).map((id) => personOf(home, id, old.get(id) ?? 0));
  return writePlan(home, opening, {
    kind: 'reshare', generation: manifest.generation + 1, threshold: opening.threshold, holders, dealers, leaving, base: hashOfManifest(manifest),
  }, jws);
}

function personOf(home: HolderHome, id: string, index: number): CeremonyHolder {
  const [pin] = home.pinsOf(id);
  if (pin === undefined) throw new DomainError('KEY_NOT_TRUSTED', 'holder is not pinned', { subject: `holder:${id}`, use: 'evidence' });
  return { index, id, kid: keyIdOf(pin.jwk) };
}

function currentManifest(home: HolderHome, epoch: number): { manifest: Manifest; jws: unknown } {
  const file = epochFile(home, epoch, 'manifest.json');
  if (!existsSync(file)) throw new DomainError('NOT_FOUND', 'this home holds no manifest of that epoch', { epoch });
  const jws = readPublicJson(file);
  return { manifest: parseManifest(payloadOf(jws)), jws };
}

type Decided = Pick<CeremonyPlan, 'kind' | 'generation' | 'threshold' | 'holders' | 'dealers' | 'leaving' | 'base'>;

function writePlan(home: HolderHome, { folder, epoch, days, now }: Opening, decided: Decided, baseJws?: unknown): CeremonyPlan {
  if (existsSync(path.join(folder, PLAN_FILE))) throw new DomainError('ALREADY_EXISTS', 'the folder holds a ceremony already', { file: PLAN_FILE });
  const { federation, id } = home.settings;
  const plan = parseCeremonyPlan({
    v: 1, ...decided, federation, suite: SUITE_NAME, epoch, openedBy: id, openedAt: now.toISOString(),
    validFrom: now.toISOString(), validUntil: new Date(now.getTime() + days * 86_400_000).toISOString(), nonce: toBase64url(randomBytes(32)),
  } as unknown as Json);
  mkdirSync(folder, { recursive: true });
  if (baseJws !== undefined) publish(folder, BASE_FILE, baseJws);
  publish(folder, PLAN_FILE, signGeneralJws({ typ: CEREMONY_PLAN_TYP, payload: plan as unknown as Json, signers: [signerOf(home.evidenceKey())] }));
  return plan;
}

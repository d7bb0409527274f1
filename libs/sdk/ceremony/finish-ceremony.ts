/** The end of a ceremony: each holder signs the manifest in its own process, takes the signatures of the others, and replaces its share. */
import { existsSync } from 'node:fs';
import {
  type Engine, type GeneralJws, MANIFEST_TYP, mergeSignatures, signerOf, signGeneralJws, toBase64url, verifyGeneralJws, verifyManifest,
} from '#crypto';
import { canonicalBytes, DomainError, type Json } from '#kernel';
import { groupKeyOf, type Manifest, parseManifest, type ShareFile } from '#protocol';
import { confirmedTranscript, joined, manifestOf, shareOf } from './ceremony.js';
import { CeremonyStore, messageName, messagesIn, publish, readPublicJson } from './ceremony-files.js';
import { ceremonySecrets, destroySecrets } from './ceremony-secrets.js';
import type { HolderHome } from './holder-home.js';
import { epochFile, readShareFile, removeEpochFile, replaceFile, writeShareFile } from './share-store.js';
import { hashOfManifest, payloadOf, type Sitting } from './sitting.js';

export interface SignedShareOfManifest {
  readonly manifestHash: string;
  readonly manifest: Manifest;
}

/** @throws STATE_CONFLICT before every holder has confirmed */
export function signCeremonyManifest(home: HolderHome, folder: string, engine: Engine): SignedShareOfManifest {
  const sitting = joined(home, folder, engine);
  const manifest = manifestOf(sitting, confirmedTranscript(sitting));
  const name = messageName('manifest', sitting.self.id);
  signOnce(sitting, hashOfManifest(manifest));
  const signed = sitting.store.writeOnce(name, signGeneralJws({ typ: MANIFEST_TYP, payload: manifest as unknown as Json, signers: [signerOf(home.evidenceKey())] }));
  publish(folder, name, signed);
  return { manifest, manifestHash: hashOfManifest(manifest) };
}

/** One manifest for an epoch and generation, whatever other ceremony starts from the same base. @throws STATE_CONFLICT */
function signOnce({ home, plan }: Sitting, hash: string): void {
  const { signed } = new CeremonyStore(home.file('epochs', String(plan.epoch))).writeOnce(`signed.${plan.generation}.json`, { signed: hash }) as { signed: string };
  if (signed !== hash) throw new DomainError('STATE_CONFLICT', 'this holder has signed another manifest of that generation', { reason: 'manifest', epoch: plan.epoch, generation: plan.generation });
}

export interface FinishedCeremony extends SignedShareOfManifest {
  readonly signedBy: readonly string[];
  /** Null for a holder who leaves. */
  readonly shareFile: string | null;
  readonly manifestFile: string;
  readonly pinsFile: string;
}

/**
 * With the signatures of at least t of the new holders: share, manifest and pins are put in place, and this ceremony's secrets destroyed. Repeated, it
 * takes up signatures that came later.
 * @throws STATE_CONFLICT, SIGNATURE_INVALID
 */
export async function finishCeremony(home: HolderHome, folder: string, engine: Engine): Promise<FinishedCeremony> {
  const sitting = joined(home, folder, engine);
  const { plan, self } = sitting;
  const transcript = confirmedTranscript(sitting);
  const manifest = manifestOf(sitting, transcript);
  const { jws, signedBy } = signaturesOn(sitting, manifest);
  checkStillDue(sitting, hashOfManifest(manifest));
  const stays = plan.holders.some(({ id }) => id === self.id);
  if (stays) await replaceShare(sitting, manifest, async () => (await shareOf(sitting, transcript, await ceremonySecrets(sitting)))!);
  else removeEpochFile(home, plan.epoch, 'share.json');
  await replaceManifest(sitting, manifest, jws);
  destroySecrets(sitting);
  const shareFile = stays ? epochFile(home, plan.epoch, 'share.json') : null;
  return {
    manifest, manifestHash: hashOfManifest(manifest), signedBy, shareFile,
    manifestFile: epochFile(home, plan.epoch, 'manifest.json'), pinsFile: epochFile(home, plan.epoch, 'pins.json'),
  };
}

/** An old ceremony never puts its manifest in the place of a newer one. */
function checkStillDue({ home, plan }: Sitting, hash: string): void {
  const file = epochFile(home, plan.epoch, 'manifest.json');
  if (!existsSync(file)) return;
  const own = hashOfManifest(parseManifest(payloadOf(readPublicJson(file))));
  if (own !== hash && own !== plan.base) throw new DomainError('STATE_CONFLICT', 'this home has gone on to another manifest', { reason: 'base', epoch: plan.epoch });
}

/** Signatures made apart, each verified by its holder's pinned key and over the very manifest that this holder derived. */
function signaturesOn(sitting: Sitting, manifest: Manifest): { readonly jws: GeneralJws; readonly signedBy: readonly string[] } {
  const { plan, pins, engine, folder, store } = sitting;
  const payload = toBase64url(canonicalBytes(manifest as unknown as Json));
  const signed = [...messagesIn(store.directory, 'manifest'), ...messagesIn(folder, 'manifest')].map(({ sender, content }) => {
    const pin = pins.get(sender);
    if (pin === undefined || (content as GeneralJws).payload !== payload) throw new DomainError('DIGEST_MISMATCH', 'a holder signed another manifest', { reason: 'manifest', holders: [sender] });
    verifyGeneralJws(content, { typ: MANIFEST_TYP, pins: [pin], threshold: 1 });
    return { sender, content: content as GeneralJws };
  });
  const signedBy = sitting.people.map(({ id }) => id).filter((id) => signed.some(({ sender }) => sender === id));
  const ofHolders = plan.holders.filter(({ id }) => signedBy.includes(id)).length;
  if (ofHolders < plan.threshold) throw new DomainError('STATE_CONFLICT', 'too few holders have signed the manifest', { needed: plan.threshold, signed: ofHolders });
  const jws = mergeSignatures(signedBy.map((id) => signed.find(({ sender }) => sender === id)!.content));
  const holders = plan.holders.map(({ id }) => pins.get(id)!);
  verifyManifest({ jws, pins: { threshold: plan.threshold, holders }, engine, now: null, parse: parseManifest, groupKeyOf });
  return { jws, signedBy };
}

/** The new share beside that of the generation before; older ones are gone from the file with this write. */
async function replaceShare({ home, plan, self }: Sitting, manifest: Manifest, compute: () => Promise<Uint8Array>): Promise<void> {
  const before = await readShareFile(home, plan.epoch);
  if (before?.shares.some(({ generation }) => generation === plan.generation) === true) return;
  const share = await compute();
  const kept = before?.shares.filter(({ generation }) => generation === plan.generation - 1) ?? [];
  const file: ShareFile = {
    v: 1, origin: manifest.origin, federation: plan.federation, epoch: plan.epoch, index: self.index, holderId: self.id,
    shares: [...kept, { generation: plan.generation, secret: toBase64url(share) }],
  };
  share.fill(0);
  await writeShareFile(home, file);
}

/** The manifest before stays beside it only where its share does: a new holder has no part in it. */
async function replaceManifest({ home, plan, base, pins }: Sitting, manifest: Manifest, jws: GeneralJws): Promise<void> {
  const file = epochFile(home, plan.epoch, 'manifest.json');
  const share = await readShareFile(home, plan.epoch);
  if (base !== null && share?.shares.some(({ generation }) => generation === base.manifest.generation) === true) replaceFile(epochFile(home, plan.epoch, 'manifest.previous.json'), `${JSON.stringify(base.jws)}\n`);
  replaceFile(file, `${JSON.stringify(jws)}\n`);
  const holders = manifest.holders.map(({ id }) => pins.get(id)!);
  replaceFile(epochFile(home, plan.epoch, 'pins.json'), `${JSON.stringify({ threshold: plan.threshold, holders }, null, 2)}\n`);
}

/** The end of the grace: only the share of the present generation is left. @returns the generations that were destroyed */
export async function retireOldShares(home: HolderHome, epoch: number): Promise<readonly number[]> {
  const share = await readShareFile(home, epoch);
  if (share === null) throw new DomainError('NOT_FOUND', 'this home holds no share of that epoch', { epoch });
  const newest = Math.max(...share.shares.map(({ generation }) => generation));
  const destroyed = share.shares.map(({ generation }) => generation).filter((generation) => generation !== newest);
  if (destroyed.length > 0) await writeShareFile(home, { ...share, shares: share.shares.filter(({ generation }) => generation === newest) });
  removeEpochFile(home, epoch, 'manifest.previous.json');
  return destroyed;
}

/**
 * Epochs: the register for everybody, the change of an epoch for a coordinator's officer, the signature under a stop for a key-holder.
 * What counts at the hub is the document that the key-holders signed, bound by the officer's statement; the officer's key stays here.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { addSignature, EPOCH_STOP_TYP, fromBase64url, readGeneralJws, sha256, signerOf, signGeneralJws, signStatement, toBase64url, type GeneralJws } from '#crypto';
import { DomainError, type Json } from '#kernel';
import { EPOCH_ANNOUNCE_TYP, EPOCH_OVERLAP_DAYS, EPOCH_OVERLAP_DAYS_MAX, EPOCH_STOP_ORDER_TYP, parseEpochStop, parseManifest, type EpochAct, type EpochStop } from '#protocol';
import { DOCUMENTS, HubClient, readPrivateJwk } from '#sdk';
import type { CommandModule } from '../shell/command-module.js';
import { readJsonFile } from '../shell/input.js';
import { confirmed, wholeNumber } from '../shell/option-values.js';
import { writeOut } from '../shell/output.js';
import type { Shell } from '../shell/shell.js';

interface Epoch {
  readonly epoch: number;
  readonly state: string;
  readonly overlapUntil: string | null;
  readonly erasedAt: string | null;
}
interface AnnounceOptions { readonly manifest: string; readonly overlapDays: string; readonly officerKey: string }
interface StopOptions { readonly stop: string; readonly officerKey: string; readonly yes?: boolean }
interface SignOptions { readonly epoch: string; readonly federationId: string; readonly key: string; readonly out: string }

export const epochCommand: CommandModule = {
  register(program, shell) {
    const group = program.command('epoch').description(shell.text('epoch.description'));
    group.command('list').description(shell.text('epoch.listDescription')).action(async () => {
      show(shell, (await new HubClient(shell.home()).graphql<{ epochs: Epoch[] }>(DOCUMENTS.epochs)).epochs);
    });
    group.command('announce').description(shell.text('epoch.announceDescription'))
      .requiredOption('--manifest <file>', shell.text('epoch.manifest')).requiredOption('--officer-key <file>', shell.text('admin.officerKey'))
      .option('--overlap-days <n>', shell.text('epoch.overlapDays'), String(EPOCH_OVERLAP_DAYS))
      .action((options: AnnounceOptions) => announce(shell, options));
    group.command('stop').description(shell.text('epoch.stopDescription'))
      .requiredOption('--stop <file>', shell.text('epoch.stopFile')).requiredOption('--officer-key <file>', shell.text('admin.officerKey')).option('--yes', shell.text('epoch.yes'))
      .action((options: StopOptions) => stop(shell, options));
    group.command('sign-stop').description(shell.text('epoch.signStopDescription'))
      .requiredOption('--epoch <n>', shell.text('epoch.epoch')).requiredOption('--federation-id <id>', shell.text('init.federationId'))
      .requiredOption('--key <file>', shell.text('epoch.key')).requiredOption('--out <file>', shell.text('epoch.out'))
      .action((options: SignOptions) => signStop(shell, options));
  },
};

async function announce(shell: Shell, { manifest: file, overlapDays, officerKey }: AnnounceOptions): Promise<void> {
  const document = jwsIn(file);
  const { epoch } = parseManifest(document.payload);
  await change(shell, DOCUMENTS.announceEpoch, EPOCH_ANNOUNCE_TYP, document, { epoch, overlapDays: wholeNumber('--overlap-days', overlapDays, 0, EPOCH_OVERLAP_DAYS_MAX) }, officerKey);
}

async function stop(shell: Shell, { stop: file, officerKey, yes }: StopOptions): Promise<void> {
  confirmed(yes);
  const document = jwsIn(file);
  await change(shell, DOCUMENTS.stopEpoch, EPOCH_STOP_ORDER_TYP, document, { epoch: parseEpochStop(document.payload).epoch, overlapDays: 0 }, officerKey);
}

async function change(
  shell: Shell, mutation: string, typ: typeof EPOCH_ANNOUNCE_TYP | typeof EPOCH_STOP_ORDER_TYP, { jws, digest }: SignedDocument, about: Pick<EpochAct, 'epoch' | 'overlapDays'>, keyFile: string,
): Promise<void> {
  const key = readPrivateJwk(keyFile);
  const home = shell.home();
  const act: EpochAct = { v: 1, federation: home.party.federationId, digest, time: new Date().toISOString(), ...about };
  const input = { idempotencyKey: randomUUID(), document: JSON.stringify(jws), jws: await signStatement(typ, { ...act }, key) };
  show(shell, (await new HubClient(home).graphql<{ epochs: Epoch[] }>(mutation, { input })).epochs);
}

/** A stop that exists already is signed as it is: every holder must sign the same bytes. */
function signStop(shell: Shell, { epoch: text, federationId, key: keyFile, out }: SignOptions): void {
  const epoch = wholeNumber('--epoch', text, 0, 999_999_999);
  const signer = signerOf(readPrivateJwk(keyFile));
  let jws: GeneralJws;
  if (existsSync(out)) {
    const known = jwsIn(out);
    const stopOf = parseEpochStop(known.payload);
    if (stopOf.epoch !== epoch || stopOf.federation !== federationId) throw new DomainError('DIGEST_MISMATCH', 'the file is the stop of something else', { epoch: stopOf.epoch });
    jws = addSignature(known.jws, EPOCH_STOP_TYP, signer);
  } else {
    const payload: EpochStop = { v: 1, federation: federationId, epoch, stoppedAt: new Date().toISOString() };
    jws = signGeneralJws({ typ: EPOCH_STOP_TYP, payload: { ...payload }, signers: [signer] });
  }
  writeOut(out, `${JSON.stringify(jws)}\n`, 0o644);
  shell.result({ epoch, signatures: jws.signatures.length }, shell.text('epoch.signed', { epoch, signatures: jws.signatures.length }));
}

interface SignedDocument {
  readonly jws: GeneralJws;
  readonly payload: Json;
  readonly digest: string;
}

/** Not verified here: the hub and every reader do that by their pins. @throws FILE_UNREADABLE */
function jwsIn(file: string): SignedDocument {
  const value = readJsonFile(file, 'FILE_UNREADABLE');
  try {
    const jws = readGeneralJws(value);
    const bytes = fromBase64url(jws.payload);
    return { jws, payload: JSON.parse(Buffer.from(bytes).toString('utf8')) as Json, digest: toBase64url(sha256(bytes)) };
  } catch {
    throw new DomainError('FILE_UNREADABLE', 'not a signed document', { reason: 'jws' });
  }
}

function show(shell: Shell, epochs: readonly Epoch[]): void {
  if (epochs.length === 0) {
    shell.result(epochs, shell.text('epoch.noneAnnounced'));
    return;
  }
  const head = [shell.text('epoch.head'), shell.text('epoch.state'), shell.text('epoch.until'), shell.text('epoch.erased')];
  shell.result(epochs, shell.table(head, epochs.map(({ epoch, state, overlapUntil, erasedAt }) => [String(epoch), state, overlapUntil ?? '-', erasedAt ?? '-'])));
}

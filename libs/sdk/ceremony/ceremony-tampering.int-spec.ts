/** A holder that does not keep to the protocol, in each way we know of: caught, named, and nothing signed or used. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  commitTo, discloseBox, drawCoefficients, type Engine, fromBase64url, generatePrivateJwk, provePossession, sealShare, shareAt, signerOf, signGeneralJws, keyIdOf, toBase64url,
} from '#crypto';
import { canonicalBytes, type Json } from '#kernel';
import { type BodyOf, CEREMONY_MESSAGE_TYP, CEREMONY_PLAN_TYP, type CeremonyMessage, type CeremonyPlan, type CeremonyRound, type CommitmentsBody } from '#protocol';
import { CEREMONY_FEDERATION, CeremonyTable } from '#testing';
import { FOLDERS, messageName, type Stage } from './ceremony-files.js';
import { ceremonySecrets, possessionContext } from './ceremony-secrets.js';
import { joinCeremony, joined } from './ceremony.js';
import { finishCeremony, signCeremonyManifest } from './finish-ceremony.js';
import { createHolderHome } from './holder-home.js';
import { commitmentTo } from './rounds.js';
import { readShareFile } from './share-store.js';
import { payloadOf } from './sitting.js';
import { Transcript } from './transcript.js';

const three = ['holder-1', 'holder-2', 'holder-3'];
const [honest, evil, other] = three as [string, string, string];
const one = new Uint8Array(32).fill(0);
one[0] = 1;
const code = (expected: string, fields: object = {}): Error => expect.objectContaining({ code: expected, fields: expect.objectContaining(fields) as object }) as Error;

describe('a holder that cheats in a key ceremony', () => {
  let table: CeremonyTable;
  let engine: Engine;
  let epoch = 10;
  beforeAll(async () => {
    table = await CeremonyTable.of(three);
    engine = table.engine;
  });
  afterAll(() => table.remove());

  const begin = (): { folder: string; plan: CeremonyPlan } => {
    const folder = table.folder();
    epoch += 1;
    return { folder, plan: table.open(folder, { epoch, threshold: 2, holders: three }) };
  };
  const roundOf = async (ids: readonly string[], folder: string): Promise<void> => { for (const id of ids) await table.round(id, folder); };
  const joinAll = async (folder: string, plan: CeremonyPlan): Promise<void> => { for (const id of three) await table.join(id, folder, plan); };
  const fileOf = (folder: string, stage: Stage, id: string): string => path.join(folder, messageName(stage, id));
  const messageOf = <R extends keyof BodyOf>(folder: string, round: R, id: string): CeremonyMessage<R> => payloadOf(JSON.parse(readFileSync(fileOf(folder, round, id), 'utf8'))) as unknown as CeremonyMessage<R>;
  /** Puts a message into the exchange folder that its sender never said, signed by `by`. */
  const forge = (folder: string, message: CeremonyMessage, by = message.sender): void => {
    mkdirSync(path.dirname(fileOf(folder, message.round, message.sender)), { recursive: true });
    const jws = signGeneralJws({ typ: CEREMONY_MESSAGE_TYP, payload: message as unknown as Json, signers: [signerOf(table.home(by).evidenceKey())] });
    writeFileSync(fileOf(folder, message.round, message.sender), JSON.stringify(jws));
  };
  const sittingOf = (id: string, folder: string) => joined(table.home(id), folder, engine);
  const transcriptOf = (id: string, folder: string): Transcript => {
    const transcript = new Transcript(sittingOf(id, folder));
    transcript.collect();
    return transcript;
  };
  const nobodySigned = (folder: string): void => {
    for (const id of [honest, other]) expect(() => signCeremonyManifest(table.home(id), folder, engine)).toThrow();
    expect(existsSync(path.join(folder, FOLDERS.manifest))).toBe(false);
  };

  /** The evil holder joins with what it likes, in time; the others cannot tell until it opens. */
  async function joinWith(opening: (coefficients: Uint8Array[], context: Uint8Array) => CommitmentsBody): Promise<{ folder: string; plan: CeremonyPlan; open: () => void }> {
    const { folder, plan } = begin();
    const aside = table.copyOf(folder);
    await table.join(evil, aside, plan);
    const sitting = sittingOf(evil, aside);
    const body = opening(drawCoefficients(engine, 2), possessionContext(sitting, sitting.self));
    const join = messageOf(aside, 'join', evil);
    forge(folder, { ...join, body: { ...join.body, commitment: commitmentTo(sitting, evil, body) } });
    for (const id of [honest, other]) await table.join(id, folder, plan);
    await roundOf([honest], folder);
    const open = (): void => forge(folder, { ...messageOf(folder, 'commitments', honest), sender: evil, body });
    return { folder, plan, open };
  }
  const honestly = (coefficients: Uint8Array[], context: Uint8Array): CommitmentsBody => {
    const points = commitTo(engine, coefficients);
    return { salt: toBase64url(one), points: points.map(toBase64url), proof: toBase64url(provePossession(engine, coefficients[0]!, points[0]!, context)) };
  };

  it('deals a wrong share: the receiver shows it to all, and nobody goes on', async () => {
    const { folder, plan } = begin();
    await joinAll(folder, plan);
    await roundOf([honest, evil], folder);
    const message = messageOf(folder, 'shares', evil) as CeremonyMessage<'shares'>;
    const secrets = await ceremonySecrets(sittingOf(evil, folder));
    const wrong = engine.scalars.add(shareAt(engine, 'generate', secrets.coefficients, 1), one);
    const context = canonicalBytes({ ceremony: message.ceremony, transcript: message.transcript, from: evil, to: honest });
    const box = toBase64url(sealShare(engine, fromBase64url(messageOf(folder, 'join', honest).body.boxKey), context, wrong));
    forge(folder, { ...message, body: { boxes: message.body!.boxes.map((entry) => (entry.to === honest ? { to: honest, box } : entry)) } });
    await roundOf([honest, other], folder);
    await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason: 'share' }));
    await expect(table.round(other, folder)).rejects.toThrow(code('STATE_CONFLICT', { reason: 'complaint', by: honest, against: evil, fault: evil }));
    await expect(table.round(honest, folder)).rejects.toThrow(code('STATE_CONFLICT', { fault: evil }));
    nobodySigned(folder);
  });

  it('complains of a share that fits: the complaint shows who is at fault', async () => {
    const { folder, plan } = begin();
    await joinAll(folder, plan);
    await roundOf(three, folder);
    await roundOf([honest, other], folder); // the evil one has not confirmed
    const sitting = sittingOf(evil, folder);
    const box = fromBase64url(messageOf(folder, 'shares', honest).body!.boxes.find(({ to }) => to === evil)!.box);
    const { shared, proof } = discloseBox(engine, (await ceremonySecrets(sitting)).box, box);
    const complaint = { ...messageOf(folder, 'shares', evil), round: 'complaint' as const, transcript: transcriptOf(evil, folder).hashBefore('confirm') };
    for (const body of [{ against: honest, shared: toBase64url(shared), proof: toBase64url(proof) }, { against: honest, shared: toBase64url(engine.multiplyBase(one)), proof: toBase64url(proof) }]) {
      const copy = table.copyOf(folder);
      forge(copy, { ...complaint, body });
      const fresh = readdirSync(sittingOf(other, copy).store.directory).includes(FOLDERS.complaint);
      if (fresh) rmSync(path.join(sittingOf(other, copy).store.directory, FOLDERS.complaint), { recursive: true });
      await expect(table.round(other, copy)).rejects.toThrow(code('STATE_CONFLICT', { by: evil, against: honest, fault: evil }));
    }
  });

  it.each<[string, string, (coefficients: Uint8Array[], context: Uint8Array) => CommitmentsBody]>([
    ['a proof for another scalar', 'proof of possession', (c, context) => ({ ...honestly(c, context), proof: honestly([...c].reverse(), context).proof })],
    ['a proof made for another place', 'proof of possession', (c) => honestly(c, Buffer.from('another ceremony'))],
    ['a polynomial of a higher degree', 'commitments', (c, context) => honestly([...c, ...drawCoefficients(engine, 1)], context)],
    ['an identity among its commitments', 'commitments', (c, context) => ({ ...honestly(c, context), points: [honestly(c, context).points[0]!, toBase64url(new Uint8Array(32))] })],
    ['commitments that cancel out for a receiver', 'commitments', ([, a], context) => honestly([engine.scalars.multiply(engine.scalars.subtract(new Uint8Array(32), one), a!), a!], context)],
  ])('opens %s: refused before a share is dealt', async (_, reason, opening) => {
    const { folder, open } = await joinWith(opening);
    open();
    await table.round(other, folder).catch(() => undefined);
    await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason }));
    expect(existsSync(path.join(folder, FOLDERS.shares))).toBe(false);
    nobodySigned(folder);
  });

  it('waits for the others and then chooses its commitments: they are not what it committed to', async () => {
    const { folder, plan } = begin();
    await joinAll(folder, plan);
    await roundOf([honest, other], folder);
    const sitting = sittingOf(evil, table.copyOf(folder));
    const changed = honestly(drawCoefficients(engine, 2), possessionContext(sitting, sitting.self));
    forge(folder, { ...messageOf(folder, 'commitments', honest), sender: evil, body: changed });
    await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason: 'commitments changed after they were committed to' }));
    nobodySigned(folder);
  });

  it('takes a rogue key, the target minus the others\' commitments: neither the commitment nor the proof can be had', async () => {
    const target = engine.multiplyBase(drawCoefficients(engine, 1)[0]!);
    const { folder, open } = await joinWith((c, context) => {
      const rogue = engine.addEach(target, engine.multiplyBase(c[0]!)); // a point whose logarithm it does not know
      return { ...honestly(c, context), points: [toBase64url(rogue), toBase64url(engine.multiplyBase(c[1]!))], proof: toBase64url(provePossession(engine, c[0]!, rogue, context)) };
    });
    open();
    await table.round(other, folder).catch(() => undefined);
    await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason: 'proof of possession' }));
  });

  it('tells different holders different things: their transcripts differ before a share is dealt, and both messages convict it', async () => {
    const { folder: left, plan } = begin();
    const right = table.copyOf(left);
    const aside = table.copyOf(left);
    await table.join(evil, aside, plan);
    const sitting = sittingOf(evil, aside);
    const bodies = [left, right].map(() => honestly(drawCoefficients(engine, 2), possessionContext(sitting, sitting.self)));
    const join = messageOf(aside, 'join', evil);
    [left, right].forEach((folder, i) => forge(folder, { ...join, body: { ...join.body, commitment: commitmentTo(sitting, evil, bodies[i]!) } }));
    await table.join(honest, left, plan);
    await table.join(other, right, plan);
    cpSync(fileOf(right, 'join', other), fileOf(left, 'join', other));
    cpSync(fileOf(left, 'join', honest), fileOf(right, 'join', honest));
    await table.round(honest, left);
    await table.round(other, right);
    forge(left, { ...messageOf(left, 'commitments', honest), sender: evil, body: bodies[0]! });
    cpSync(fileOf(right, 'commitments', other), fileOf(left, 'commitments', other));
    await expect(table.round(honest, left)).rejects.toThrow(code('DIGEST_MISMATCH', { reason: 'transcript', holders: [other] }));
    expect(existsSync(path.join(left, FOLDERS.shares))).toBe(false);
    nobodySigned(left);
    cpSync(fileOf(right, 'join', evil), fileOf(left, 'join', evil));
    await expect(table.round(honest, left)).rejects.toThrow(code('STATE_CONFLICT', { reason: 'equivocation', holder: evil, round: 'join' }));
    expect(readdirSync(sittingOf(honest, left).store.directory)).toContain(`equivocation-${evil}-join.json`);
  });

  it('replays a message of another ceremony or round, or speaks in another\'s name', async () => {
    const first = begin();
    await joinAll(first.folder, first.plan);
    await roundOf(three, first.folder);
    const second = begin();
    for (const id of [honest, other]) await table.join(id, second.folder, second.plan);
    const place = (stage: CeremonyRound, from: string): void => {
      mkdirSync(path.dirname(fileOf(second.folder, stage, evil)), { recursive: true });
      cpSync(from, fileOf(second.folder, stage, evil));
    };
    const refused = async (expected: Error): Promise<void> => {
      await expect(table.round(honest, second.folder)).rejects.toThrow(expected);
      for (const stage of ['join', 'commitments'] as const) rmSync(fileOf(second.folder, stage, evil), { force: true });
    };
    place('join', fileOf(first.folder, 'join', evil));
    await refused(code('BAD_INPUT', { reason: 'replay', holder: evil }));
    await table.join(evil, table.copyOf(second.folder), second.plan).then(() => place('commitments', path.join(sittingOf(evil, second.folder).store.directory, messageName('join', evil))));
    await refused(code('BAD_INPUT', { reason: 'replay' }));
    place('join', fileOf(second.folder, 'join', other));
    await refused(code('SIGNATURE_INVALID', { holder: evil }));
    forge(second.folder, { ...messageOf(second.folder, 'join', other), sender: evil }, other);
    await refused(code('SIGNATURE_INVALID', { holder: evil }));
  });

  it('confirms or signs another manifest: nobody signs, nobody finishes', async () => {
    const { folder, plan } = begin();
    await joinAll(folder, plan);
    for (let i = 0; i < 3; i += 1) await roundOf(three, folder);
    const copy = table.copyOf(folder);
    forge(copy, { ...messageOf(copy, 'confirm', evil), body: { manifest: toBase64url(new Uint8Array(32).fill(7)) } });
    const fresh = sittingOf(honest, copy).store.directory;
    rmSync(path.join(fresh, messageName('confirm', evil)), { force: true });
    expect(() => signCeremonyManifest(table.home(honest), copy, engine)).toThrow(code('DIGEST_MISMATCH', { reason: 'manifest', holders: [evil] }));
    rmSync(path.join(fresh, messageName('confirm', evil)));
    await roundOf(three, folder);
    for (const id of three) signCeremonyManifest(table.home(id), folder, engine);
    const signed = JSON.parse(readFileSync(fileOf(folder, 'manifest', evil), 'utf8')) as { payload: string };
    const off = { ...(payloadOf(signed) as object), validUntil: '2099-01-01T00:00:00.000Z' };
    writeFileSync(fileOf(folder, 'manifest', evil), JSON.stringify(signGeneralJws({ typ: 'tally-manifest+1', payload: off as unknown as Json, signers: [signerOf(table.home(evil).evidenceKey())] })));
    await expect(finishCeremony(table.home(honest), folder, engine)).rejects.toThrow(code('DIGEST_MISMATCH', { reason: 'manifest', holders: [evil] }));
    expect(await readShareFile(table.home(honest), plan.epoch)).toBeNull();
    for (const id of [evil, other]) rmSync(fileOf(folder, 'manifest', id));
    await expect(finishCeremony(table.home(honest), folder, engine)).rejects.toThrow(code('STATE_CONFLICT', { needed: 2, signed: 1 }));
  });

  it('opens a plan that was not agreed upon, or in which somebody else stands for a holder', async () => {
    const { folder, plan } = begin();
    const agreed = { kind: plan.kind, epoch: plan.epoch, threshold: 2, holders: three };
    for (const change of [{ threshold: 3 }, { holders: [...three, 'holder-4'] }, { holders: three.slice(1) }, { epoch: 1 }, { kind: 'refresh' as const }]) {
      await expect(joinCeremony(table.home(honest), folder, engine, { ...agreed, ...change })).rejects.toThrow(code('BAD_INPUT', { reason: Object.keys(change)[0] }));
    }
    const replan = (change: object, by = honest): string => {
      const changed = table.folder();
      writeFileSync(path.join(changed, 'plan.json'), JSON.stringify(signGeneralJws({ typ: CEREMONY_PLAN_TYP, payload: { ...plan, ...change } as unknown as Json, signers: [signerOf(table.home(by).evidenceKey())] })));
      return changed;
    };
    const join = (changed: string) => joinCeremony(table.home(other), changed, engine, agreed);
    await expect(join(replan({}, evil))).rejects.toThrow(code('SIGNATURE_INVALID'));
    await expect(join(replan({ federation: 'another' }))).rejects.toThrow(code('BAD_INPUT', { reason: 'federation' }));
    const puppet = plan.holders.map((holder) => (holder.id === evil ? { ...holder, kid: keyIdOf(generatePrivateJwk()) } : holder));
    await expect(join(replan({ holders: puppet }))).rejects.toThrow(code('KEY_NOT_TRUSTED', { subject: `holder:${evil}` }));
    await expect(join(replan({ holders: plan.holders.map((holder) => ({ ...holder, kid: plan.holders[0]!.kid })) }))).rejects.toThrow(code('BAD_INPUT'));
    for (const bad of [{ generation: 1 }, { base: toBase64url(one) }, { dealers: three.slice(1) }, { threshold: 1 }, { threshold: 4 }, { more: 1 }]) await expect(join(replan(bad))).rejects.toThrow(code('BAD_INPUT'));
    const stranger = createHolderHome(path.join(table.directory, 'stranger'), { federation: CEREMONY_FEDERATION, id: 'stranger', name: 'x', sealing: table.home(honest).settings.sealing });
    await expect(joinCeremony(stranger, folder, engine, agreed)).rejects.toThrow(code('BAD_INPUT', { reason: 'holders' }));
  });

  it('seats somebody who is pinned too in the place of one of those agreed upon', async () => {
    table.seat(['former']);
    epoch += 1;
    const folder = table.folder();
    table.open(folder, { epoch, threshold: 2, holders: [evil, 'former', other] });
    const agreed = { kind: 'generate' as const, epoch, threshold: 2, holders: three };
    await expect(joinCeremony(table.home(other), folder, engine, agreed)).rejects.toThrow(code('BAD_INPUT', { reason: 'holders' }));
    expect(existsSync(path.join(folder, FOLDERS.join))).toBe(false);
  });

  it('complains after it has confirmed: the others finish alike', async () => {
    const { folder, plan } = begin();
    await table.confirm(folder, plan);
    const box = toBase64url(engine.multiplyBase(one));
    const complaint = { ...messageOf(folder, 'confirm', evil), round: 'complaint' as const, body: { against: honest, shared: box, proof: toBase64url(new Uint8Array(64)) } };
    for (const id of three) signCeremonyManifest(table.home(id), folder, engine);
    await finishCeremony(table.home(honest), folder, engine);
    forge(folder, complaint);
    expect((await finishCeremony(table.home(other), folder, engine)).signedBy).toEqual(three);
    expect((await readShareFile(table.home(other), plan.epoch))!.shares).toHaveLength(1);
  });

  describe('with a key to renew', () => {
    let base: CeremonyPlan;
    beforeAll(async () => {
      const { folder, plan } = begin();
      base = plan;
      await table.run(folder, plan);
    });
    /** The evil holder's forged dealing in a refresh or resharing that the others join. */
    const dealing = async (open: (folder: string) => CeremonyPlan, count: number, constant?: Uint8Array): Promise<string> => {
      const folder = table.folder();
      const plan = open(folder);
      const aside = table.copyOf(folder);
      await table.join(evil, aside, plan);
      const sitting = sittingOf(evil, aside);
      const coefficients = drawCoefficients(engine, count, constant);
      const body = honestly(coefficients, possessionContext(sitting, sitting.self));
      const join = messageOf(aside, 'join', evil);
      forge(folder, { ...join, body: { ...join.body, commitment: commitmentTo(sitting, evil, body) } });
      for (const id of [honest, other]) await table.join(id, folder, plan);
      await table.round(honest, folder);
      forge(folder, { ...messageOf(folder, 'commitments', honest), sender: evil, body });
      await table.round(other, folder).catch(() => undefined);
      return folder;
    };

    it('adds to the key in a refresh: there is no place for a constant', async () => {
      const folder = await dealing((at) => table.openRefresh(at, honest, base.epoch), 2);
      await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason: 'commitments' }));
      nobodySigned(folder);
    });
    it('deals on something else than its share in a resharing', async () => {
      const folder = await dealing((at) => table.openResharing(at, honest, { threshold: 2, holders: three, dealers: [honest, evil] }, base.epoch), 2);
      await expect(table.round(honest, folder)).rejects.toThrow(code('PROOF_INVALID', { holder: evil, reason: 'commitments' }));
      nobodySigned(folder);
    });
    it('plans a renewal that does not follow from the base', async () => {
      const folder = table.folder();
      const plan = table.openRefresh(folder, honest, base.epoch);
      const replan = (change: object): string => {
        const changed = table.copyOf(folder);
        writeFileSync(path.join(changed, 'plan.json'), JSON.stringify(signGeneralJws({ typ: CEREMONY_PLAN_TYP, payload: { ...plan, ...change } as unknown as Json, signers: [signerOf(table.home(honest).evidenceKey())] })));
        return changed;
      };
      const swapped = plan.holders.map((holder, i) => ({ ...holder, index: [2, 1, 3][i]! }));
      for (const change of [{ generation: 2 }, { epoch: plan.epoch + 500 }, { threshold: 3 }, { holders: swapped }, { kind: 'reshare' }]) {
        const { kind, epoch: at, threshold } = { ...plan, ...change } as CeremonyPlan;
        await expect(joinCeremony(table.home(other), replan(change), engine, { kind, epoch: at, threshold, holders: three })).rejects.toThrow(code('BAD_INPUT'));
      }
      await expect(table.join(other, replan({ base: toBase64url(one) }), plan)).rejects.toThrow(code('DIGEST_MISMATCH', { reason: 'base' }));
    });
    it('signs the manifest of one renewal only, though two start from the same base', async () => {
      const folders = [table.folder(), table.folder()];
      const plans = folders.map((folder) => table.openRefresh(folder, honest, base.epoch));
      for (const [i, folder] of folders.entries()) await table.confirm(folder, plans[i]!);
      signCeremonyManifest(table.home(honest), folders[0]!, engine);
      expect(() => signCeremonyManifest(table.home(honest), folders[1]!, engine)).toThrow(code('STATE_CONFLICT', { reason: 'manifest', generation: 1 }));
    });
  });
});

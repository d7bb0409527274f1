/** The key-holder around the engine: what HTTP, signatures, ledger and threads cost. */
import { createHash, randomBytes } from 'node:crypto';
import { createEngine, dealShares, type Engine, type PrivateJwk, fromBase64url, manifestHash, partialSecret, signDetached, signerOf, toBase64url } from '#crypto';
import { BATCH_TYP, batchStatement, encodeOprfRequest, OPRF_MEDIA_TYPE, OPRF_PATH, type OprfRequest } from '#protocol';
import { EvaluationPool } from '../../../apps/keyholder/evaluation.pool.js';
import type { BenchContext, BenchRow } from '../bench.model.js';
import { clocksNow, freeCores } from '../free-cores.js';
import { here, median, perItem } from '../interleave.js';
import { BenchHolders } from './bench-holders.js';
import { measured, skipped, type TargetName } from './targets.js';

const B = 4_096;
const QUORUM = [1, 2];
const [POOL_BATCH, POOL_BATCHES] = [512, 48];
/** Two, but for what a core does beside and for how coarse its clock is. */
const FREE_CORES = 1.95;
const TRIES = 10;

export async function holderRows(context: BenchContext, wanted: (target: TargetName) => boolean): Promise<BenchRow[]> {
  const engine = await createEngine(context.engine);
  return [...(wanted('http') ? [await httpRow(context, engine)] : []), ...(wanted('workers') ? [await workersRow(context, engine)] : [])];
}

/** The same batch of fresh points through the whole process, and through the engine alone. */
async function httpRow(context: BenchContext, engine: Engine): Promise<BenchRow> {
  const holders = await BenchHolders.start({ threshold: 2, holders: 3, engine: context.engine });
  try {
    const { party } = holders.home;
    const url = party.keyHolders[0]!.url;
    const jws = (await (await fetch(`${url}/manifest`)).json()) as { payload: string } | { current: { payload: string } };
    const payload = 'payload' in jws ? jws.payload : jws.current.payload;
    const hash = manifestHash(fromBase64url(payload));
    const signer = signerOf(holders.home.privateKey('evidence') as PrivateJwk);
    const send = async (points: Uint8Array): Promise<void> => {
      const request: OprfRequest = {
        manifestHash: hash, batchId: randomBytes(16), quorum: QUORUM, budget: 'publish', memberId: party.partyId, kid: fromBase64url(signer.kid), signedAtMs: Date.now(), points,
      };
      const signature = signDetached(BATCH_TYP, batchStatement(request, createHash('sha256').update(points).digest()), signer);
      const answer = await fetch(new URL(OPRF_PATH, url), { method: 'POST', headers: { 'content-type': OPRF_MEDIA_TYPE }, body: Buffer.from(encodeOprfRequest({ ...request, signature })) });
      if (answer.status !== 200) throw new Error(`a key-holder answered ${String(answer.status)}: ${await answer.text()}`);
      await answer.arrayBuffer();
    };
    const secret = partialSecret(engine, dealShares(engine, [0, 1].map(() => engine.scalars.reduce(randomBytes(64))), 3).shares[0]!.secret, 1, QUORUM);
    const publicKey = engine.multiplyBase(secret);
    const points = randomPoints(engine, B);
    const bare = here(B, () => engine.prove(secret, publicKey, points, engine.evaluate(secret, points)));
    const http = {
      items: B,
      spend: async (): Promise<number> => {
        const fresh = randomPoints(engine, B);
        const before = await holders.cpuSeconds(1);
        await send(fresh);
        return (await holders.cpuSeconds(1) - before) * 1e6;
      },
    };
    const cost = await perItem({ bare, http }, context.rounds, context.progress);
    return { ...measured('http', cost.bare / cost.http), note: `${cost.bare.toFixed(1)} against ${cost.http.toFixed(1)} µs an item; CPU of the process, b = 4096` };
  } finally {
    await holders.stop();
  }
}

/** Time on the clock for the same batches. Rounds in which another program took part of two cores are made again. */
async function workersRow(context: BenchContext, engine: Engine): Promise<BenchRow> {
  const points = randomPoints(engine, POOL_BATCH);
  const share = { index: 1, shares: [{ generation: 0, secret: toBase64url(engine.scalars.reduce(randomBytes(64))) }] };
  const pools = [1, 2].map((threads) => new EvaluationPool(share as never, threads, context.engine));
  const turn = async (pool: EvaluationPool): Promise<Turn> => {
    const from = clocksNow();
    await Promise.all(Array.from({ length: POOL_BATCHES }, () => pool.evaluate({ kind: 'proven', generation: 0, quorum: QUORUM, points })));
    const to = clocksNow();
    return { ms: to.wall - from.wall, isQuiet: freeCores(from, to) >= FREE_CORES };
  };
  const quiet: Turn[][] = [];
  let round = 0;
  try {
    for (const pool of pools) await turn(pool); // threads start, the kernel is compiled
    while (quiet.length < context.rounds && round < context.rounds * TRIES) {
      round += 1;
      const turns = [await turn(pools[0]!), await turn(pools[1]!)];
      if (turns.every(({ isQuiet }) => isQuiet)) quiet.push(turns);
      context.progress(`workers, ${String(quiet.length)} of ${String(context.rounds)} undisturbed rounds`);
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  const rounds = `${String(quiet.length)} of ${String(round)} rounds undisturbed`;
  if (quiet.length < context.rounds) return skipped('workers', `no two idle cores: ${rounds}`);
  const row = measured('workers', median(quiet.map(([one]) => one!.ms)) / median(quiet.map(([, two]) => two!.ms)));
  return { ...row, note: `${row.note}, ${rounds}` };
}

interface Turn { readonly ms: number; readonly isQuiet: boolean }

function randomPoints(engine: Engine, n: number): Uint8Array {
  return engine.hashToGroup(1, Array.from({ length: n }, () => randomBytes(32)));
}

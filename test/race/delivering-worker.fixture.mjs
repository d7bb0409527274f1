// A worker with the product's own handlers that is killed (SIGKILL, by itself, at once) at chosen points: between effect and commit, between
// commit and the end of the job, between a call to the outside and its record. Each point of each job kills at most once. Runs the compiled code.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';

const dist = new URL('../../dist/libs/', import.meta.url).href;
const { createDataSource, SystemTx } = await import(`${dist}platform/database/index.js`);
const { createEventLog } = await import(`${dist}platform/logging/index.js`);
const { Effects, JobRegistry, Outbox, QueueRuntime } = await import(`${dist}platform/queue/index.js`);
const { DeliveryRepository } = await import(`${dist}domain/liaison/index.js`);
const { BuildPackageFlow, NotifyLiaisonFlow } = await import(`${dist}flows/deliver-package/index.js`);

const plan = JSON.parse(process.env.CRASH_PLAN); // { file, chance: { point: 0..1 } }
const died = new Set(existsSync(plan.file) ? readFileSync(plan.file, 'utf8').split('\n').filter(Boolean).map((line) => { const { point, key } = JSON.parse(line); return `${point} ${key}`; }) : []);

const passed = {};

/** By chance; and once for certain, so that no run leaves a point untried. */
function crash(point, key) {
  const chance = plan.chance[point] ?? 0;
  if (chance === 0 || died.has(`${point} ${key}`)) return;
  passed[point] = (passed[point] ?? 0) + 1;
  const untried = ![...died].some((one) => one.startsWith(`${point} `));
  const drawn = createHash('sha256').update(`${point} ${key}`).digest().readUInt32BE(0) / 2 ** 32 < chance;
  if (!drawn && !(untried && passed[point] >= 3)) return;
  const file = openSync(plan.file, 'a', 0o600);
  writeSync(file, `${JSON.stringify({ point, key, at: Date.now() })}\n`);
  fsyncSync(file);
  closeSync(file);
  process.kill(process.pid, 'SIGKILL');
  for (;;); // the signal is on its way: nothing else may happen
}

/** Content, state and inbox entry are written, nothing is committed. */
class CrashingDelivery extends DeliveryRepository {
  async offer(tx, building, ...rest) {
    await super.offer(tx, building, ...rest);
    crash('effect', building.id);
  }
}
class CrashingEffects extends Effects {
  async outside(key, call) {
    return super.outside(key, async (effectKey) => {
      const result = await call(effectKey);
      crash('call', key);
      return result;
    });
  }
}
const thenCrash = (handler) => ({
  job: handler.job,
  async handle(payload, run) {
    await handler.handle(payload, run);
    crash('commit', run.effectKey());
  },
});

const url = process.env.DATABASE_URL;
const source = await createDataSource({ url, applicationName: 'delivering-worker', poolSize: 6 });
const system = new SystemTx(source);
const effects = new CrashingEffects(system);
const build = new BuildPackageFlow(system, effects, new Outbox(), JSON.parse(process.env.PACKAGE_KEY), new CrashingDelivery());
const notify = new NotifyLiaisonFlow(system, effects, Buffer.from(process.env.WEBHOOK_KEY, 'hex'), { allowPrivate: true });
const log = createEventLog({ app: 'delivering-worker', destination: { write: (line) => { if (process.env.WORKER_LOG) writeSync(2, line); } } });
const quick = { attempts: 12, backoffBaseMs: 50, backoffCapMs: 500, concurrency: 4 };
const registry = new JobRegistry([build, notify].map(thenCrash), { 'packages.build': quick, 'packages.notify': quick }, ['packages.build', 'packages.notify']);
const runtime = new QueueRuntime({ url, source, registry, log, pump: { pollMs: 100, reconcileEveryMs: 1000, queuedForMs: 5000 } });
await runtime.start();
process.stdout.write('ready\n');
process.once('SIGTERM', () => { void runtime.stop().then(() => source.destroy()).then(() => process.exit(0)); });

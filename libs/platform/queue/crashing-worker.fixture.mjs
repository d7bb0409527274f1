// A worker process that makes its effect and is then killed before it can say so. Runs the compiled code.
const dist = new URL('../../../dist/libs/', import.meta.url).href;
const { createDataSource, SystemTx } = await import(`${dist}platform/database/index.js`);
const { createEventLog } = await import(`${dist}platform/logging/index.js`);
const { Effects, JobRegistry, QueueRuntime } = await import(`${dist}platform/queue/index.js`);

const url = process.env.DATABASE_URL;
const source = await createDataSource({ url, applicationName: 'crashing-worker', poolSize: 3 });
const system = new SystemTx(source);
const effects = new Effects(system);
const handler = {
  job: 'packages.build',
  async handle(payload, run) {
    await system.run(async (tx) => {
      if (await effects.once(tx, run.effectKey())) await tx.execute('insert into platform.made (package_id) values ($1)', [payload.packageId]);
    });
    process.kill(process.pid, 'SIGKILL');
  },
};
const log = createEventLog({ app: 'crashing-worker', destination: { write: () => undefined } });
await new QueueRuntime({ url, source, registry: new JobRegistry([handler], undefined, ['packages.build']), log }).start();

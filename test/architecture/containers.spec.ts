/** No container engine is needed to see that the images cannot be wrong in the ways that matter. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './import-table.js';
import { LAYERS } from './layers.mjs';
import { settingsOf } from './settings.js';
import { filesBelow } from './source-tree.js';

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly lines: readonly string[];
}

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const APPS = readdirSync(path.join(ROOT, 'apps')).filter((app) => existsSync(path.join(ROOT, 'apps', app, 'main.ts')));

function stagesOf(dockerfile: string): Stage[] {
  const stages: { name: string; base: string; lines: string[] }[] = [];
  for (const line of dockerfile.split('\n').map((text) => text.trim()).filter((text) => text !== '' && !text.startsWith('#'))) {
    const from = /^FROM (\S+) AS (\S+)$/.exec(line);
    if (from) stages.push({ base: from[1] ?? '', name: from[2] ?? '', lines: [] });
    else stages.at(-1)?.lines.push(line);
  }
  return stages;
}

function faultsOf(dockerfile: string): string[] {
  const stages = stagesOf(dockerfile);
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const chain = (stage: Stage): string[] => [...(byName.has(stage.base) ? chain(byName.get(stage.base) as Stage) : []), ...stage.lines];
  const faults: string[] = [];
  for (const stage of stages) {
    if (!byName.has(stage.base) && !/^node:24[\w.-]*$/.test(stage.base)) faults.push(`${stage.name}: based on ${stage.base}, not on Node 24`);
    for (const line of stage.lines) {
      if (/^(ENV|ARG) /.test(line) && /(SECRET|PASSWORD|TOKEN|KEY|DATABASE_URL)/i.test(line)) faults.push(`${stage.name}: secret in ${line.split('=')[0] ?? ''}`);
      if (/npm (ci|install)/.test(line) && !line.includes('--ignore-scripts')) faults.push(`${stage.name}: install scripts may run`);
      if (/^ADD /.test(line)) faults.push(`${stage.name}: ADD`);
      if (/^(CMD|ENTRYPOINT) (?!\[)/.test(line)) faults.push(`${stage.name}: ${line.split(' ')[0] ?? ''} in shell form swallows SIGTERM`);
    }
  }
  for (const app of [...APPS, 'migrate']) {
    const stage = byName.get(app);
    if (!stage) { faults.push(`${app}: no target`); continue; }
    const lines = chain(stage);
    const user = lines.filter((line) => line.startsWith('USER ')).at(-1) ?? 'USER root';
    if (!/^USER [1-9]\d*:[1-9]\d*$/.test(user)) faults.push(`${app}: ${user}`);
    if (!lines.some((line) => /^(CMD|ENTRYPOINT) \[/.test(line))) faults.push(`${app}: nothing to run`);
  }
  return faults;
}

/** Rooms below libs/ in a target's image. */
function roomsIn(dockerfile: string, target: string): string[] {
  const stages = new Map(stagesOf(dockerfile).map((stage) => [stage.name, stage]));
  const lines: string[] = [];
  for (let stage = stages.get(target); stage; stage = stages.get(stage.base)) lines.push(...stage.lines);
  return lines.flatMap((line) => /dist\/libs\/(\S+) dist\//.exec(line)?.[1] ?? []).sort();
}

const requiredBy = (app: string): string[] => settingsOf(app).filter((setting) => setting.needed).map((setting) => setting.name);

describe('docker/Dockerfile', () => {
  const dockerfile = read('docker/Dockerfile');

  it('has a target for each app, without root, secrets, install scripts or shells', () => {
    const bad = 'FROM node:20 AS build\nRUN npm ci\nENV DB_PASSWORD=x\nFROM build AS hub\nUSER root\nCMD node main.js\n';
    expect(faultsOf(bad)).toEqual(expect.arrayContaining([
      'build: based on node:20, not on Node 24', 'build: install scripts may run', 'build: secret in ENV DB_PASSWORD',
      'hub: CMD in shell form swallows SIGTERM', 'hub: USER root', 'auth: no target',
    ]));
    expect(faultsOf(dockerfile)).toEqual([]);
  });

  it('puts into each target the rooms that its row of the import table allows, and no others', () => {
    for (const app of APPS) {
      const may = LAYERS.find((layer) => layer.name === `apps/${app}`)?.may ?? [];
      expect([app, roomsIn(dockerfile, app)]).toEqual([app, [...may].sort()]);
      expect(dockerfile).toContain(`dist/apps/${app} dist/apps/${app}`);
    }
  });

  it('puts into the target of the migration all that its two tools import', () => {
    const text = filesBelow(['tools/migrate', 'tools/bootstrap', 'tools/command-line'], /(?<!spec)\.ts$/).map((file) => file.text).join('\n');
    const folders = ['migrate', 'bootstrap', ...[...text.matchAll(/from '\.\.\/([\w-]+)\//g)].map((match) => match[1] ?? '')];
    expect(folders).toContain('command-line');
    for (const folder of folders) expect(dockerfile).toContain(`dist/tools/${folder} dist/tools/${folder}\n`);
    const rooms = [...text.matchAll(/from '#([\w-]+)/g)].map((match) => match[1] ?? '');
    expect(rooms.filter((room) => !roomsIn(dockerfile, 'migrate').includes(room))).toEqual([]);
  });

  it('copies only what exists, and .dockerignore lets through no more', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => (match[1] ?? '').split(' '));
    expect(sources.filter((source) => !existsSync(path.join(ROOT, source)))).toEqual([]);
    const [first, ...rest] = read('.dockerignore').split('\n').filter((line) => line !== '');
    expect(first).toBe('**');
    const let_ = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(let_.filter((name) => !sources.some((source) => source === name || source.startsWith(`${name}/`)))).toEqual([]);
  });
});

interface Service {
  readonly name: string;
  readonly text: string;
}

function servicesOf(compose: string): Service[] {
  const body = /^services:\n([\s\S]*?)(?=^\S|$(?![\s\S]))/m.exec(compose)?.[1] ?? '';
  return [...body.matchAll(/^ {2}([\w-]+):.*\n((?: {4}.*\n|\s*\n)*)/gm)].map((match) => ({ name: match[1] ?? '', text: match[2] ?? '' }));
}

describe('docker/compose.yaml', () => {
  const compose = read('docker/compose.yaml');
  const services = servicesOf(compose);
  const ours = services.filter((service) => /target: /.test(service.text));

  it('runs hub, worker, auth and three key-holders with databases of their own, beside PostgreSQL 18', () => {
    expect(services.map((service) => service.name).sort()).toEqual([
      'auth', 'hub', 'keyholder-1', 'keyholder-1-db', 'keyholder-2', 'keyholder-2-db', 'keyholder-3', 'keyholder-3-db', 'migrate', 'postgres', 'worker',
    ]);
    expect(compose).toMatch(/image: postgres:18/);
    for (const i of [1, 2, 3]) {
      expect(services.find((service) => service.name === `keyholder-${i}`)?.text).toContain(`@keyholder-${i}-db/`);
    }
  });

  it('hardens every service of ours', () => {
    expect(ours.length).toBe(7);
    expect(compose).toMatch(/x-hardened: &hardened\n(?: {2}.*\n)*? {2}read_only: true\n/);
    expect(compose).toMatch(/ {2}cap_drop: \[ALL\]\n/);
    expect(compose).toMatch(/ {2}security_opt: \['no-new-privileges:true'\]\n/);
    expect(ours.filter((service) => !service.text.includes('<<: *hardened')).map((service) => service.name)).toEqual([]);
    expect(compose).not.toMatch(/privileged: true|user: (root|0)\b|network_mode: host|docker\.sock/);
  });

  it('gives each service what it cannot start without', () => {
    expect(requiredBy('hub')).toEqual(expect.arrayContaining(['DATABASE_URL', 'TALLY_CONTEXT_KEY_FILE', 'TALLY_HUB_ID', 'TALLY_PROFILE']));
    for (const service of ours) {
      const given = [...service.text.matchAll(/^ {6}(\w+): /gm)].map((match) => match[1] ?? '');
      const needed = [...requiredBy(/target: ([\w-]+)/.exec(service.text)?.[1] ?? ''), 'DATABASE_PASSWORD_FILE'];
      expect([service.name, needed.filter((name) => !given.includes(name))]).toEqual([service.name, []]);
    }
  });

  it('names variables that a configuration class reads, and secrets by file only', () => {
    const declared = new Set(filesBelow(['apps', 'libs', 'tools'], /\.ts$/).flatMap(({ text }) => [...text.matchAll(/@(?:Env|SecretFile)\('(\w+)'\)/g)].map((match) => match[1])));
    const used = [...compose.matchAll(/^ {6}((?:TALLY|DATABASE)_\w+): /gm)].map((match) => match[1] ?? '');
    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((name) => !declared.has(name))).toEqual([]);
    expect(compose).not.toMatch(/(PASSWORD|SECRET|TOKEN): (?!\/run\/secrets\/)/);
    expect(compose).not.toMatch(/:\/\/[\w-]+:[^@\s]+@/);
    const secrets = [...compose.matchAll(/\/run\/secrets\/([\w.-]+)/g)].map((match) => match[1] ?? '');
    const listed = /^secrets:\n([\s\S]*)/m.exec(compose)?.[1] ?? '';
    expect([...new Set(secrets)].filter((name) => !listed.includes(`  ${name}:`))).toEqual([]);
  });
});

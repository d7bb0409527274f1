import { filesBelow } from './source-tree.js';

export interface Setting {
  readonly name: string;
  /** Neither a default nor @IsOptional: the process does not start without it. */
  readonly needed: boolean;
  /** The initialiser, as it is written; null where there is none. */
  readonly initial: string | null;
}

const CLASS = /class (\w+)(?: extends (\w+))? \{([\s\S]*?)^\}/gm;
const FIELD = /@(?:Env|SecretFile)\('(\w+)'\)(.*)$/gm;

const configFiles = () => filesBelow(['apps', 'tools/migrate', 'libs/platform/config'], /(app-|\.)config\.ts$/);

/** Settings of a configuration class itself, by its name. */
export function settingsOfClass(name: string): Setting[] {
  const body = configFiles().flatMap(({ text }) => [...text.matchAll(CLASS)]).find((match) => match[1] === name)?.[3] ?? '';
  const fields = [...body.matchAll(FIELD)].map(([, variable = '', rest = '']) => {
    const initial = /: [^=;]+ = ([^;]+);/.exec(rest)?.[1] ?? null;
    return { name: variable, needed: initial === null && !rest.includes('@IsOptional'), initial };
  });
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

/** Settings of a process, its class's ancestors included. @param app folder below apps/, or `migrate` */
export function settingsOf(app: string): Setting[] {
  const classes = new Map(configFiles().flatMap(({ text }) => [...text.matchAll(CLASS)].map((match) => [match[1] ?? '', match[2] ?? ''] as const)));
  const own = configFiles().find((file) => file.name.startsWith(`apps/${app}/`) || file.name.startsWith(`tools/${app}/`));
  const found: Setting[] = [];
  for (let one = /class (\w+)/.exec(own?.text ?? '')?.[1] ?? ''; classes.has(one); one = classes.get(one) ?? '') found.push(...settingsOfClass(one));
  return [...new Map(found.reverse().map((setting) => [setting.name, setting])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

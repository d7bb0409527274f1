/**
 * Environment to one validated, deeply frozen instance of a class whose fields say where they come from:
 *
 *   class HubConfig extends AppConfig {
 *     @Env('TALLY_PAGE_SIZE') @IsInt() readonly pageSize: number = 50;        // an initialiser is the default
 *     @SecretFile('TALLY_SEAL_KEY_FILE') @IsString() readonly sealKey!: string; // content of the file, trimmed
 *   }
 *
 * All faults are told at once, by the names of the variables only.
 */
import 'reflect-metadata';
import { validateSync, type ValidationError } from 'class-validator';
import { ConfigError } from './config.error.js';
import { readSecretFile } from './secret-file.js';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Source {
  readonly property: string;
  readonly variable: string;
  readonly kind: 'plain' | 'secret';
}

const SOURCES = Symbol('config sources');

/** The variable a field is read from. Fields of type number and boolean (`true`, `false`) are converted. */
export const Env = (variable: string): PropertyDecorator => from(variable, 'plain');
/** The variable that holds the path of a file whose content is the field. */
export const SecretFile = (variable: string): PropertyDecorator => from(variable, 'secret');

function from(variable: string, kind: Source['kind']): PropertyDecorator {
  return (target, property) => {
    const known = (Reflect.getMetadata(SOURCES, target) ?? []) as readonly Source[];
    Reflect.defineMetadata(SOURCES, [...known, { property: String(property), variable, kind }], target);
  };
}

const PASSWORD_IN_URL = /^[a-z+]+:\/\/[^/@\s:]*:[^/@\s]+@/i;

/** @throws ConfigError naming every fault. An empty variable counts as unset. */
export function loadConfig<T extends object>(type: new () => T, env: Environment): T {
  const sources = (Reflect.getMetadata(SOURCES, type.prototype as object) ?? []) as readonly Source[];
  const production = env.TALLY_PROFILE !== 'demo' && env.TALLY_PROFILE !== 'test';
  const config = new type();
  const faults: string[] = [];
  for (const source of sources) {
    const text = env[source.variable];
    if (text === undefined || text === '') continue;
    if (production && source.kind === 'plain' && PASSWORD_IN_URL.test(text)) faults.push(`${source.variable}: holds a password; secrets come as files`);
    try {
      const value = source.kind === 'secret' ? readSecretFile(text, production) : convert(type, source.property, text);
      Object.assign(config, { [source.property]: value });
    } catch (error) {
      faults.push(`${source.variable}: ${(error as Error).message}`);
    }
  }
  const faulty = new Set(faults.map((fault) => fault.split(':')[0]));
  for (const fault of validateSync(config, { forbidUnknownValues: false })) {
    const variable = sources.find(({ property }) => property === fault.property)?.variable ?? fault.property;
    if (!faulty.has(variable)) faults.push(`${variable}: ${describeFault(fault, variable, env)}`);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return deepFreeze(config);
}

function convert(type: new () => object, property: string, text: string): unknown {
  const declared: unknown = Reflect.getMetadata('design:type', type.prototype as object, property);
  if (declared === Number) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (declared === Boolean) return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** Messages of class-validator name the property and the rule; they hold no value. */
function describeFault(fault: ValidationError, variable: string, env: Environment): string {
  if (env[variable] === undefined || env[variable] === '') return 'is not set';
  return Object.values(fault.constraints ?? { invalid: 'is not valid' }).map((text) => text.replace(`${fault.property} `, '')).join('; ');
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !ArrayBuffer.isView(inner)) deepFreeze(inner as object);
  }
  return Object.freeze(value);
}

/** Names and sizes of docs/architecture.md. Each judge is shown a bad case first: a check that cannot fail is no check. */
import { LAYERS, OUTSIDE } from './layers.mjs';
import { sourceFiles, type SourceFile } from './source-tree.js';

const LINES_MAX = 400;
const LINES_MAX_CRYPTO = 500;
const ROLES = new Set([
  'resolver', 'controller', 'object', 'input', 'payload', 'loader', 'flow', 'service', 'policy', 'machine', 'repository', 'entity', 'processor',
  'normaliser', 'port', 'adapter', 'errors', 'module', 'model', 'guard', 'filter', 'interceptor', 'middleware', 'decorator', 'command',
  'engine', 'arena', 'handler', 'config', 'worker', 'enum', 'gateway', 'scalar', 'schema', 'plugin', 'options', 'body', 'cells', 'proof', 'pool', 'app', 'error', 'exceptions', 'token', 'builder', 'fixture', 'en', 'zh', 'd', 'spec', 'int-spec', 'e2e-spec',
]);
/** The class of such a file is the file's name: `publish-clues.flow.ts` holds PublishCluesFlow. */
const NAMED_BY_CLASS = new Set(['resolver', 'controller', 'flow', 'service', 'repository', 'module', 'guard', 'filter', 'interceptor', 'processor']);
const VAGUE = /(^|[-./])(utils?|helpers?|common|misc|manager|managers|shared|stuff)([-./]|$)/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const linesOf = (file: SourceFile): number => file.text.replace(/\n$/, '').split('\n').length;
const isTooLong = (file: SourceFile): boolean => linesOf(file) > (file.name.startsWith('libs/crypto/') ? LINES_MAX_CRYPTO : LINES_MAX);
const isVague = (file: SourceFile): boolean => VAGUE.test(file.name) || /\bclass \w*(Manager|Helpers?|Utils?)\b/.test(file.text);

function hasOddName({ name }: SourceFile): boolean {
  const parts = name.split('/');
  const [stem = '', ...roles] = (parts.pop() ?? '').split('.').slice(0, -1);
  return [...parts, stem].some((part) => !KEBAB.test(part)) || roles.some((role) => !ROLES.has(role));
}

const pascal = (kebab: string): string => kebab.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');

function lacksItsClass({ name, text }: SourceFile): boolean {
  const [stem = '', role = '', ...rest] = (name.split('/').pop() ?? '').split('.').slice(0, -1);
  if (rest.length > 0 || !NAMED_BY_CLASS.has(role)) return false;
  return !new RegExp(`\\bclass ${pascal(stem)}${pascal(role)}\\b`, 'i').test(text);
}

const placed = (file: SourceFile): boolean =>
  file.name.startsWith('bin/')
  || LAYERS.some((layer) => (layer.rooms ? new RegExp(`^${layer.path}/[^/]+/`).test(file.name) : file.name.startsWith(`${layer.path}/`)))
  || OUTSIDE.some((one) => file.name.startsWith(`${one.path}/`));

const fake = (name: string, text = ''): SourceFile => ({ name, text });
const namesOf = (files: readonly SourceFile[]): string[] => files.map((file) => file.name);

describe('source files', () => {
  const files = sourceFiles();

  it('are read', () => {
    expect(namesOf(files)).toContain('libs/kernel/domain-error.ts');
  });

  it(`hold at most ${LINES_MAX} lines, in libs/crypto ${LINES_MAX_CRYPTO}`, () => {
    expect(isTooLong(fake('libs/kernel/a.ts', 'x\n'.repeat(LINES_MAX + 1)))).toBe(true);
    expect(isTooLong(fake('libs/crypto/a.ts', 'x\n'.repeat(LINES_MAX + 1)))).toBe(false);
    expect(isTooLong(fake('libs/crypto/a.ts', 'x\n'.repeat(LINES_MAX_CRYPTO + 1)))).toBe(true);
    expect(files.filter(isTooLong).map((file) => `${file.name}: ${linesOf(file)}`)).toEqual([]);
  });

  it('are named kebab-case with a role of the list', () => {
    expect(['libs/a/clueStore.ts', 'libs/a/clue.thing.ts', 'libs/Clue/index.ts'].every((name) => hasOddName(fake(name)))).toBe(true);
    expect(['libs/a/publish-clues.flow.ts', 'libs/a/x.flow.int-spec.ts', 'migrations/1760000000001-platform.ts'].some((name) => hasOddName(fake(name)))).toBe(false);
    expect(namesOf(files.filter(hasOddName))).toEqual([]);
  });

  it('hold the class that their name promises', () => {
    expect(lacksItsClass(fake('libs/a/publish-clues.flow.ts', 'export class Publisher {}'))).toBe(true);
    expect(lacksItsClass(fake('libs/a/publish-clues.flow.ts', 'export class PublishCluesFlow {}'))).toBe(false);
    expect(namesOf(files.filter(lacksItsClass))).toEqual([]);
  });

  it('have no vague names', () => {
    expect([fake('libs/utils/a.ts'), fake('libs/a/string-helpers.ts'), fake('libs/a/b.ts', 'class CaseManager {')].every(isVague)).toBe(true);
    expect(isVague(fake('libs/a/uncommon.ts'))).toBe(false);
    expect(namesOf(files.filter((file) => !file.name.startsWith('test/architecture/')).filter(isVague))).toEqual([]);
  });

  it('belong to a row of the import table', () => {
    expect(placed(fake('libs/shed/a.ts'))).toBe(false);
    expect(placed(fake('libs/platform/loose.ts'))).toBe(false);
    expect(namesOf(files.filter((file) => !placed(file)))).toEqual([]);
  });

  // A worker thread's module is called by its default export (Piscina).
  it('have named exports only', () => {
    const isDefault = (file: SourceFile): boolean => /^export default /m.test(file.text) && !/\.d\.ts$|\.worker\.ts$|^test\/setup\//.test(file.name);
    expect(isDefault(fake('libs/a.ts', 'export default class {}'))).toBe(true);
    expect(namesOf(files.filter(isDefault))).toEqual([]);
  });
});

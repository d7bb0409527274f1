// Style that a reviewer should not have to look for. Types are judged by `npm run typecheck`, imports by
// `npm run lint:imports`, so this pass reads one file at a time and stays fast.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const NAMED_EXPORTS = { selector: 'ExportDefaultDeclaration', message: 'Named exports only (docs/architecture.md, names and sizes).' };
const NO_MATH_RANDOM = { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Chance comes from a port (Random) or node:crypto.' };
const NO_SYNCHRONIZE = { selector: "Property[key.name='synchronize'][value.value=true]", message: 'The schema is changed by migrations only.' };
const NO_CAN_PARSE = { selector: "MemberExpression[object.name='URL'][property.name='canParse']", message: 'parseUrl of #kernel: on Node 20 canParse changes its answer once optimised.' };
const NO_KEY_PAIR_SYNC = { selector: "CallExpression[callee.name='generateKeyPairSync']", message: 'generatePrivateJwk of #crypto: on Node 20 the export of a key just generated can stand still for good.' };
const VAGUE_CLASS = {
  selector: 'ClassDeclaration[id.name=/(Manager|Helper|Helpers|Utils|Util|Common)$/]',
  message: 'Name what it does (docs/architecture.md, names and sizes).',
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.tally/', 'docs/generated/', 'libs/crypto/kernel/assembly/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mjs'],
    extends: [tseslint.configs.recommended],
    rules: {
      'no-async-promise-executor': 'error',
      'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
      'no-control-regex': 'error',
      'no-dupe-else-if': 'error',
      'no-duplicate-case': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 7],
      'no-restricted-syntax': ['error', NAMED_EXPORTS, NO_SYNCHRONIZE, NO_CAN_PARSE, NO_KEY_PAIR_SYNC, VAGUE_CLASS],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      // Indexed access is unchecked nowhere (noUncheckedIndexedAccess), so `!` marks an index that the loop has just proved.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    // Retries of platform, transport and migrations may jitter with Math.random; nobody else needs chance that can be predicted.
    files: ['libs/{kernel,protocol,crypto,sdk,domain,flows}/**/*.ts', 'apps/**/*.ts'],
    ignores: ['libs/sdk/transport/**', '**/migrations/**'],
    rules: { 'no-restricted-syntax': ['error', NAMED_EXPORTS, NO_SYNCHRONIZE, NO_CAN_PARSE, NO_KEY_PAIR_SYNC, VAGUE_CLASS, NO_MATH_RANDOM] },
  },
  { files: ['libs/crypto/**/*.ts'], rules: { 'max-lines': ['error', 500] } },
  {
    // A describe() is a function too; a test file's length is its own limit.
    files: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // What runs in a terminal talks to it; what loads a configuration exports it by default.
    files: ['tools/**/*', 'apps/agent/**/*.ts', 'bin/**/*', 'test/setup/**/*', '*.config.mjs', '.dependency-cruiser.mjs'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['*.config.mjs', '.dependency-cruiser.mjs', 'test/setup/**/*', '**/*.d.ts', '**/*.worker.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);

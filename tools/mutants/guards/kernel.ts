/** The own engine: what proves it at start, what it leaves behind, and that the module is what its sources give. */
import type { Mutant, TestRun } from '../mutant.model.js';

const CHOICE = 'libs/crypto/voprf/choose-engine.ts';
const CHOICE_TEST: TestRun = { project: 'unit', file: 'libs/crypto/voprf/choose-engine.spec.ts' };
const SELF_TEST = 'libs/crypto/voprf/kernel-self-test.ts';
const ARENA = 'libs/crypto/voprf/kernel.arena.ts';
const MEMORY_TEST: TestRun = { project: 'unit', file: 'libs/crypto/voprf/kernel-memory.spec.ts' };
const MODULE_TEST: TestRun = { check: ['tools/kernel/main.mjs', '--check'] };
const DIFFERENCES: TestRun = { project: 'vectors', file: 'test/vectors/engine-differences.spec.ts' };

export const KERNEL: readonly Mutant[] = [
  {
    name: 'kernel/self-test-skipped',
    guard: 'a kernel that computes wrongly on this machine is not used',
    edits: [{ file: CHOICE, find: 'kernel !== null && passesSelfTest(kernel)', replace: 'kernel !== null' }],
    test: CHOICE_TEST,
  },
  {
    name: 'kernel/fall-back-is-silent',
    guard: 'a process that computes with another engine than it was told says so',
    edits: [{ file: CHOICE, find: "    onFallback('self-test');\n", replace: '' }],
    test: CHOICE_TEST,
  },
  {
    name: 'kernel/vectors-not-looked-for',
    guard: 'a machine without vectors goes on with libsodium',
    edits: [{ file: CHOICE, find: 'if (isKernelSupported()) {', replace: 'if (choice) {' }],
    test: CHOICE_TEST,
  },
  {
    name: 'kernel/self-test-without-refusal',
    guard: 'the self-test includes that a bad element is refused',
    edits: [{ file: SELF_TEST, find: ' && refusesStrangers(engine)', replace: '' }],
    test: CHOICE_TEST,
  },
  {
    name: 'kernel/scratch-not-wiped',
    guard: 'tables, digits and limbs of a secret do not stay in the kernel\'s memory',
    edits: [{ file: ARENA, find: '    memory.fill(0, scratch, scratch + this.kernel.secretScratchBytes());\n', replace: '' }],
    test: MEMORY_TEST,
  },
  {
    name: 'kernel/buffers-not-wiped',
    guard: 'scalars that were handed in do not stay in the kernel\'s memory',
    edits: [{ file: ARENA, find: '    memory.fill(0, this.kernel.heapStart(), this.top);\n', replace: '' }],
    test: MEMORY_TEST,
  },
  {
    name: 'kernel/module-is-not-the-source',
    guard: 'the committed module is what its sources give',
    edits: [{ file: 'libs/crypto/kernel/assembly/index.ts', find: 'const BUCKETS_FROM: usize = 96;', replace: 'const BUCKETS_FROM: usize = 97;' }],
    test: MODULE_TEST,
  },
  {
    name: 'kernel/identity-answered',
    guard: 'no engine answers with the identity',
    edits: [{ file: 'libs/crypto/voprf/kernel.engine.ts', find: 'if (isZero(elementAt(encodings, i))) throw new PointInvalidError(i);', replace: 'if (i > n) throw new PointInvalidError(i);' }],
    test: DIFFERENCES,
  },
];

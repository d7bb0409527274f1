/** Answers of services that are not trusted: how long they may be, and about what. */
import type { Mutant, TestRun } from '../mutant.model.js';

const ANSWER: TestRun = { project: 'unit', file: 'libs/sdk/publish/chunk-answer.spec.ts' };
const JUDGE = 'libs/sdk/publish/chunk-answer.ts';

export const ANSWERS: readonly Mutant[] = [
  {
    name: 'answers/of-any-length',
    guard: 'no service fills its reader\'s memory',
    edits: [{ file: 'libs/protocol/bounded-body.ts', find: '    if (length > limitBytes) throw tooLarge;', replace: '    if (length < 0) throw tooLarge;' }],
    test: { project: 'unit', file: 'libs/protocol/bounded-body.spec.ts' },
  },
  {
    name: 'answers/of-a-holder-to-the-combiner',
    guard: 'a key-holder does not fill the memory of the hub that combines',
    edits: [{ file: 'libs/flows/combine-batch/combine-batch.flow.ts', find: 'decodeFastVector(await boundedBody(answer, OPRF_ANSWER_MAX_BYTES))', replace: 'decodeFastVector(await boundedBody(answer, OPRF_ANSWER_MAX_BYTES * 1_000))' }],
    test: { project: 'integration', file: 'libs/flows/combine-batch/combine-batch.int-spec.ts' },
  },
  {
    name: 'answers/of-a-holder-to-a-member',
    guard: 'a key-holder does not fill the memory of the agent, and stops no batch by trying',
    edits: [{ file: 'libs/sdk/transport/key-holder-client.ts', find: 'boundedBody(response, OPRF_ANSWER_MAX_BYTES)', replace: 'boundedBody(response, OPRF_ANSWER_MAX_BYTES * 1_000)' }],
    test: { project: 'integration', file: 'libs/sdk/transport/key-holder-client.int-spec.ts', only: 'no more from a holder' },
  },
  {
    name: 'answers/of-the-hub-to-a-holder',
    guard: 'the hub does not fill the memory of a key-holder',
    edits: [{ file: 'apps/keyholder/status-watch.ts', find: 'boundedBody(answer, ANSWER_MAX_BYTES)', replace: 'boundedBody(answer, ANSWER_MAX_BYTES * 1_000)' }],
    test: { project: 'integration', file: 'apps/keyholder/status-watch.int-spec.ts' },
  },
  {
    name: 'answers/ranges-without-end',
    guard: 'the hub does not fill the disk of a liaison, or hold its fetch for ever',
    edits: [{ file: 'libs/sdk/cases/range-answer.ts', find: 'if (length === 0 || !goesOn || !adds)', replace: 'if (length < 0)' }],
    test: { project: 'unit', file: 'libs/sdk/cases/range-answer.spec.ts' },
  },
  {
    name: 'answers/about-other-clues',
    guard: 'the hub\'s answer to a chunk changes nothing of clues that the chunk does not hold',
    edits: [{ file: JUDGE, find: 'if (!about.every((clueId) => sent.has(clueId)) || ', replace: 'if (about.length < 0 || ' }],
    test: ANSWER,
  },
  {
    name: 'answers/retracts-other-clues',
    guard: 'the hub\'s answer to a retraction marks no clue that nobody took back',
    edits: [{ file: JUDGE, find: 'if (!each || left.size > 0) throw foreign();', replace: 'if (asked.length < left.size) throw foreign();' }],
    test: { project: 'unit', file: 'libs/sdk/query/retract-clues.spec.ts' },
  },
  {
    name: 'answers/one-clue-for-another',
    guard: 'the hub does not put one clue of the vault in the place of another indicator\'s',
    edits: [{ file: JUDGE, find: 'if (existing.kind !== sent.kind || otherToken || otherValue) throw foreign();', replace: 'if (existing.kind !== sent.kind) throw foreign();' }],
    test: { project: 'integration', file: 'libs/sdk/publish/publication-ledger.int-spec.ts' },
  },
];

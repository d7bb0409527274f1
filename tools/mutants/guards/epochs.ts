/** Epochs: what ends them, what must be gone then, and what must not change for anybody while members move. */
import type { Mutant, TestRun } from '../mutant.model.js';

const FUNCTIONS = 'migrations/epoch-functions.ts';
const ERASURE = 'migrations/epoch-erasure.ts';
const FLOW = 'libs/flows/rotate-epoch/change-epoch.flow.ts';
const ROTATION: TestRun = { project: 'integration', file: 'apps/hub/epochs/rotate-epoch.int-spec.ts' };
const VAULT: TestRun = { project: 'integration', file: 'libs/sdk/vault/vault.int-spec.ts' };
const WATCHED = 'apps/keyholder/watched-file.ts';
const WATCHING: TestRun = { project: 'unit', file: 'apps/keyholder/watched-file.spec.ts' };
const HOLDERS: TestRun = { project: 'e2e', file: 'apps/keyholder/test/epochs.e2e-spec.ts' };

const MOVING: TestRun = { project: 'federation', file: 'test/contract/moving-members.spec.ts' };
const CHECK = 'migrations/1760000000018-check-over-epochs.ts';

export const EPOCHS: readonly Mutant[] = [
  {
    name: 'epochs/check-asks-the-newest-only',
    guard: 'a check finds the clues of members that have not moved yet',
    edits: [{ file: 'libs/sdk/query/check-values.ts', find: 'const former = before !== null && !stopped', replace: 'const former = before !== null && stopped' }],
    test: { ...MOVING, only: 'finds clues of either epoch' },
  },
  {
    name: 'vault/move-forgets-its-place',
    guard: 'a move that was killed goes on with the batch that it had journalled, and sends no row in two batches',
    edits: [{ file: 'libs/sdk/publish/move-clues.ts', find: "    if (before?.state === 'RUNNING') return new MoveRun(", replace: "    if (before?.state === 'FINISHED') return new MoveRun(" }],
    test: { ...MOVING, only: 'killed' },
  },
  {
    name: 'check/members-counted-over-both-epochs',
    guard: 'a check over two epochs does not tell whether one member holds two values',
    edits: [{ file: CHECK, find: 'least(max(c.members), 2)', replace: 'least(count(distinct h.member_id), 2)' }],
    test: { project: 'integration', file: 'apps/hub/epochs/members-in-two-epochs.int-spec.ts', only: 'whoever pairs' },
  },
  {
    name: 'epochs/check-former-free',
    guard: 'tokens of the epoch before are no free questions',
    edits: [{ file: CHECK, find: "(now() at time zone 'UTC')::date, cardinality(list))", replace: "(now() at time zone 'UTC')::date, asked)" }],
    test: { project: 'integration', file: 'apps/hub/epochs/members-in-two-epochs.int-spec.ts', only: 'once a value' },
  },
  {
    name: 'vault/long-records-in-one-frame',
    guard: 'a backup can be restored whatever was waiting to be sent',
    edits: [{ file: 'libs/sdk/vault/backup-vault.ts', find: 'for (const piece of piecesOf(Buffer.from(text)))', replace: 'for (const piece of [...piecesOf(Buffer.alloc(0)), Buffer.from(text)])' }],
    test: { ...VAULT, only: 'however long it is' },
  },
  {
    name: 'vault/empty-after-a-cut-restore',
    guard: 'a restore that was cut off is not taken for a vault that is new',
    edits: [{ file: 'libs/sdk/vault/vault.ts', find: "if (fresh && existsSync(home.file('vault.restoring'))) {", replace: "if (fresh && existsSync(home.file('vault.key.never'))) {" }],
    test: { ...VAULT, only: 'cut off before its last step' },
  },
  {
    name: 'keyholder/stop-written-down-once',
    guard: 'a stop that the ledger could not take at first is written down as soon as it can',
    edits: [{ file: 'apps/keyholder/epoch-stops.ts', find: '      await this.options.ledger.stopEpoch(epoch);\n      this.recorded.add(epoch);\n', replace: '      this.recorded.add(epoch);\n      await this.options.ledger.stopEpoch(epoch);\n' }],
    test: { ...HOLDERS, only: 'end the old epoch at once' },
  },
  {
    name: 'keyholder/looked-at-once',
    guard: 'a roster that could not be judged when it came is looked at again: it may take a member out',
    edits: [{ file: WATCHED, find: '    this.reading = true;\n', replace: '    this.reading = true;\n    this.seen = change;\n' }],
    test: WATCHING,
  },
  {
    name: 'keyholder/readings-overtake',
    guard: 'a slow reading does not put an older roster in the place of a newer',
    edits: [{ file: WATCHED, find: 'if (this.reading || change === this.seen', replace: 'if (change === this.seen' }],
    test: { ...WATCHING, only: 'older reading' },
  },
  {
    name: 'epochs/stopped-tokens-match',
    guard: 'tokens of a stopped epoch match nothing from the moment of the stop, erased or not',
    edits: [{ file: FUNCTIONS, find: ' and not ct.epoch = any ((select match.stopped_epochs())::bigint[])', replace: '' }],
    test: { ...ROTATION, only: 'ends matching and checking at once' },
  },
  {
    name: 'epochs/old-tokens-match',
    guard: 'tokens of an epoch whose overlap is over match nothing',
    edits: [{ file: FUNCTIONS, find: 'ct.epoch >= (select match.first_open_epoch()) and not', replace: 'not' }],
    test: { ...ROTATION, only: 'ends what was not moved' },
  },
  {
    name: 'epochs/old-tokens-stay',
    guard: 'an epoch that has ended leaves no token behind',
    edits: [{ file: ERASURE, find: '        delete from tally.clue_token ct using unnest(members, clues) u (m, c) where ct.member_id', replace: '        select from tally.clue_token ct, unnest(members, clues) u (m, c) where false and ct.member_id' },
      { file: ERASURE, find: 'and ct.epoch = any (gone) returning 1)', replace: 'and ct.epoch = any (gone))' }],
    test: { ...ROTATION, only: 'changes nothing that anybody sees' },
  },
  {
    name: 'epochs/records-of-answers-stay',
    guard: 'tokens in the records of answered checks end with their epoch',
    edits: [{ file: ERASURE, find: "when 'STOP' then coalesce(d.epoch, 1) = run.epoch else coalesce(d.epoch, 1) < run.epoch end;", replace: "when 'STOP' then false else false end;" }],
    test: { ...ROTATION, only: 'changes nothing that anybody sees' },
  },
  {
    name: 'epochs/erased-early',
    guard: 'nothing of an epoch is erased before it is closed',
    edits: [{ file: ERASURE, find: "      raise exception 'the epoch is not closed' using errcode = 'TL425';\n", replace: '      perform 1;\n' }],
    test: { ...ROTATION, only: 'erases no epoch that is not closed' },
  },
  {
    name: 'epochs/one-epoch-views',
    guard: 'what a member sees is the union over both epochs, so that a move of one side changes nothing',
    edits: [{ file: FUNCTIONS, find: 'from match.held(match.widened(tokens)) h)', replace: 'from match.held(tokens) h)' }],
    test: { ...ROTATION, only: 'changes nothing that anybody sees' },
  },
  {
    name: 'epochs/told-forgotten',
    guard: 'a retraction reaches whoever was answered in an epoch that is gone',
    edits: [{ file: FUNCTIONS, find: '      union select t.party_id, t.subject_id from tally.clue_told t where t.member_id = owner and t.clue_id = any (clues)),\n', replace: ')' + ',\n' }],
    test: { ...ROTATION, only: 'a retraction still reaches' },
  },
  {
    name: 'epochs/row-of-the-other-epoch',
    guard: 'an overlap row that names the token of one epoch is found by the other',
    edits: [{ file: FUNCTIONS, find: '      where (select match.rotating());', replace: '      where false;' }],
    test: { ...ROTATION, only: 'names the token of the new one' },
  },
  {
    name: 'epochs/late-writers',
    guard: 'closing an epoch waits for whoever is writing its tokens',
    edits: [{ file: 'libs/domain/epochs/epochs.repository.ts', find: "    await tx.query('select match.change_epochs()');", replace: '    void tx;' }],
    test: { ...ROTATION, only: 'waits for whoever is writing' },
  },
  {
    name: 'epochs/ended-epoch-takes-clues',
    guard: 'no clue is published into an epoch that has ended or was not announced',
    edits: [{ file: 'libs/domain/clues/clues.repository.ts', find: ' where match.epoch_open(d.epoch))', replace: ')' }],
    test: { ...ROTATION, only: 'takes clues of its open epochs only' },
  },
  {
    name: 'epochs/hub-alone',
    guard: 'without pinned key-holders, and without t of their signatures, the hub announces no epoch',
    edits: [{ file: 'libs/flows/rotate-epoch/holder-pins.ts', find: 'pins: this.required(), engine', replace: 'pins: { ...this.required(), threshold: 1 }, engine' },
      { file: 'libs/crypto/voprf/signed-documents.ts', find: "  if (verified.owners.length < key.threshold) throw new ManifestInvalidError('signed by fewer than its own threshold');\n", replace: '' }],
    test: { ...ROTATION, only: 'cannot be changed by' },
  },
  {
    name: 'epochs/statement-of-another-manifest',
    guard: 'the officer\'s statement is about the very document that the key-holders signed',
    edits: [{ file: FLOW, find: ' || act.digest !== about.digest', replace: '' }],
    test: { ...ROTATION, only: 'cannot be changed by' },
  },
  {
    name: 'epochs/any-officer',
    guard: 'only officers of coordinators announce and stop',
    edits: [{ file: FLOW, find: "officer === null || officer.role !== 'coordinator'", replace: 'officer === null' }],
    test: { ...ROTATION, only: 'cannot be changed by' },
  },
  {
    name: 'keyholder/pins-of-the-other-epoch',
    guard: 'only the holders of an epoch sign its roster, and only they end it',
    edits: [{ file: 'apps/keyholder/keyholder.app.ts', find: 'const pins = secondPinsFile === undefined ? first.pins : parseHolderPins(readDocument(secondPinsFile));', replace: 'const second2 = parseHolderPins(readDocument(secondPinsFile ?? pinsFile));\n  const pins: HolderPins = { threshold: second2.threshold, holders: [...first.pins.holders, ...second2.holders] };' }],
    test: { ...HOLDERS, only: 'own holders in it' },
  },
  {
    name: 'keyholder/stop-by-the-other-epoch',
    guard: 'holders of another epoch do not end this one',
    edits: [{ file: 'apps/keyholder/keyholder.app.ts', find: '(files.find(({ share }) => share.epoch === epoch) ?? files[0]).pins', replace: '(files.find(({ share }) => share.epoch === epoch && epoch < 0) ?? files[0]).pins' }],
    test: { ...HOLDERS, only: 'own holders in it' },
  },
  {
    name: 'keyholder/stop-ignored',
    guard: 'a key-holder answers nothing in an epoch that t holders have stopped',
    edits: [{ file: 'apps/keyholder/served-epochs.ts', find: 'return this.served.filter(({ epoch }) => !this.options.isStopped(epoch));', replace: 'return [...this.served];' },
      { file: 'apps/keyholder/served-epochs.ts', find: "    if (this.options.isStopped(epoch)) throw", replace: '    if (epoch < 0) throw' }],
    test: { ...HOLDERS, only: 'end the old epoch at once' },
  },
  {
    name: 'keyholder/stop-before-one-that-is-none',
    guard: 'a stop is written down although one behind it in the file does not verify',
    edits: [{ file: 'apps/keyholder/epoch-stops.ts', find: '    try {\n      if (existsSync(file)) this.takeUp(readDocument(file));\n    } finally {\n      await this.writeDown(); // those before one that does not verify, too\n    }\n', replace: '    if (existsSync(file)) this.takeUp(readDocument(file));\n    await this.writeDown();\n' }],
    test: { project: 'unit', file: 'apps/keyholder/epoch-stops.spec.ts' },
  },
  {
    name: 'keyholder/stop-forgotten',
    guard: 'a stopped epoch stays stopped after a restart, whatever became of the file',
    edits: [{ file: 'apps/keyholder/epoch-stops.ts', find: '      await this.options.ledger.stopEpoch(epoch);\n', replace: '' }],
    test: HOLDERS,
  },
  {
    name: 'keyholder/roster-of-another-epoch',
    guard: 'a member is admitted by the roster of the epoch it asks in',
    edits: [{ file: 'apps/keyholder/served-epochs.ts', find: 'return { generation, holderIndex, roster, pool,', replace: 'return { generation, holderIndex, roster: this.served.at(-1)!.roster, pool,' }],
    test: { ...HOLDERS, only: 'admit by the roster' },
  },
  {
    name: 'vault/restore-keeps-blinds',
    guard: 'a restored vault draws another seed: no blind of before comes again',
    edits: [{ file: 'libs/sdk/vault/backup-vault.ts', find: 'new VaultKeys(materialOf(value)).withFreshBlinds()', replace: 'new VaultKeys(materialOf(value))' }],
    test: { ...VAULT, only: 'never repeats a blind' },
  },
  {
    name: 'vault/restore-keeps-journal',
    guard: 'a restored vault resumes no batch of before',
    edits: [{ file: 'libs/sdk/vault/backup-vault.ts', find: "  if (key.startsWith('b/')) return null;\n", replace: '' }],
    test: { ...VAULT, only: 'never repeats a blind' },
  },
  {
    name: 'vault/backup-cut-short',
    guard: 'a backup of which frames are missing at the end does not open',
    edits: [{ file: 'libs/sdk/vault/backup-format.ts', find: '    nonce[11] = last ? 1 : 0;', replace: '    nonce[11] = last ? 0 : 0;' }],
    test: { ...VAULT, only: 'refuses a backup that was changed' },
  },
  {
    name: 'vault/header-unbound',
    guard: 'the header of a backup is authenticated with every frame',
    edits: [{ file: 'libs/sdk/vault/backup-format.ts', find: 'this.nonce(last)).setAAD(Buffer.from(this.header));\n    const body', replace: 'this.nonce(last));\n    const body' },
      { file: 'libs/sdk/vault/backup-format.ts', find: 'this.nonce(last)).setAAD(Buffer.from(this.header));\n      decipher', replace: 'this.nonce(last));\n      decipher' }],
    test: { ...VAULT, only: 'refuses a backup that was changed' },
  },
  {
    name: 'vault/old-key-stays-good',
    guard: 'after a change of key nothing sealed under the old one is left',
    edits: [{ file: 'libs/sdk/vault/rekey-vault.ts', find: '    await vault.compact();\n', replace: '' }],
    test: { ...VAULT, only: 'the old one opens nothing' },
  },
  {
    name: 'vault/half-changed-key',
    guard: 'a vault whose change of key was cut off is not opened as if nothing were',
    edits: [{ file: 'libs/sdk/vault/vault.ts', find: "if (existsSync(home.file('vault.key.next')) && !rekeying) {", replace: 'if (rekeying && !rekeying) {' }],
    test: { ...VAULT, only: 'goes on after it was cut off' },
  },
  {
    name: 'vault/older-epoch',
    guard: 'an agent never goes back to an epoch before one it has seen',
    edits: [{ file: 'libs/sdk/vault/vault.ts', find: "    if (epoch < seen) throw new DomainError('STALE_MANIFEST', 'an epoch before one that was seen', { epoch, seen });\n", replace: '' }],
    test: { ...VAULT, only: 'forgets what no run needs' },
  },
];

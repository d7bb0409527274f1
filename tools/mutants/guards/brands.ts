/** Brands, alerts, warned tokens and texts: who is believed, who is told, and how near is near enough. */
import type { Mutant, TestRun } from '../mutant.model.js';

const REGISTRY: TestRun = { project: 'unit', file: 'libs/sdk/brands/brand-registry.spec.ts' };
const PROTECT: TestRun = { project: 'federation', file: 'test/contract/protect-brand.spec.ts' };
const TEXTS: TestRun = { project: 'integration', file: 'apps/worker/handlers/match-texts.int-spec.ts' };
const MOVING: TestRun = { project: 'integration', file: 'apps/hub/epochs/members-in-two-epochs.int-spec.ts' };
const BRANDS = 'migrations/1760000000010-brands.ts';

export const BRAND_MUTANTS: readonly Mutant[] = [
  {
    name: 'brands/rolled-back',
    guard: 'an agent never goes back to an older statement on a brand',
    edits: [{ file: 'libs/sdk/brands/brand-registry.ts', find: "if (before === undefined || before.revision < revision) return true;", replace: 'if (before === undefined || before.revision !== revision) return true;' }],
    test: { ...REGISTRY, only: 'older statement' },
  },
  {
    name: 'brands/served-is-believed',
    guard: 'a statement counts under its own ids and in its own federation only',
    edits: [{ file: 'libs/sdk/brands/brand-registry.ts', find: 'return right ? parsed : null;', replace: 'return right ? parsed : parsed;' }],
    test: { ...REGISTRY, only: 'refuses a statement' },
  },
  {
    name: 'brands/reporter-readable',
    guard: 'the owner of a brand does not learn who sent an alert',
    edits: [{ file: BRANDS, find: 'grant select (member_id, alert_id, brand_id, sealed, sent_at, expires_at)', replace: 'grant select' }],
    test: { ...PROTECT, only: 'nothing that tells who sent it' },
  },
  {
    name: 'warnings/one-is-enough',
    guard: 'one member alone shields no number',
    edits: [{ file: BRANDS, find: "having count(distinct w.member_id) >= (select r.value from tally.network_rule r where r.name = 'warned-by-members')", replace: 'having count(distinct w.member_id) >= 1' }],
    test: { ...PROTECT, only: 'two members gave the same token' },
  },
  {
    name: 'warnings/not-asked',
    guard: 'the hub refuses a warned token',
    edits: [{ file: 'libs/domain/clues/clues.repository.ts', find: 'const warned = await refuseWarned(tx);', replace: 'const warned: RefusedClue[] = tx.actor ? [] : await refuseWarned(tx);' }],
    test: { ...PROTECT, only: 'for the impersonated only' },
  },
  {
    name: 'brands/two-of-one-revision',
    guard: 'of two statements of one revision the hub does not choose which is believed',
    edits: [{ file: 'libs/sdk/brands/brand-registry.ts', find: "return before.revision === revision && before.statement.split('.')[1] === statement.split('.')[1];", replace: 'return before.revision === revision && statement.length > 0;' }],
    test: { project: 'unit', file: 'libs/sdk/brands/brand-registry.spec.ts', only: 'same revision' },
  },
  {
    name: 'brands/more-than-the-registry-takes',
    guard: 'a member and the hub together do not fill the agents with brands',
    edits: [{ file: 'libs/sdk/brands/brand-registry.ts', find: 'ofOwner(kept, owner) >= BRANDS_OF_MEMBER_MAX', replace: 'ofOwner(kept, owner) < 0' }],
    test: { project: 'unit', file: 'libs/sdk/brands/brand-registry.spec.ts', only: 'keeps as many' },
  },
  {
    name: 'brands/moved-onto-a-warned-token',
    guard: 'a clue that is moved to another epoch brings no warned token with it',
    edits: [{ file: 'libs/domain/clues/clue-moves.repository.ts', find: 'const warned = await refuseWarned(tx, memberId);', replace: 'const warned: RefusedClue[] = tx.actor ? [] : await refuseWarned(tx, memberId);' }],
    test: { project: 'federation', file: 'test/contract/warned-moves.spec.ts', only: 'moved onto a warned token' },
  },
  {
    name: 'brands/warned-tokens-outlive-their-epoch',
    guard: 'tokens of warning lists end with their epoch',
    edits: [{ file: 'migrations/1760000000019-warned-tokens-end.ts', find: 'where w.epoch < (select match.first_open_epoch()) or', replace: 'where false and w.epoch < (select match.first_open_epoch()) or' }],
    test: { project: 'federation', file: 'test/contract/warned-moves.spec.ts', only: 'closed' },
  },
  {
    name: 'brands/warned-tokens-of-any-epoch',
    guard: 'no token is given for an epoch that is closed',
    edits: [{ file: 'libs/domain/brands/warned-tokens.repository.ts', find: 'if (row?.open !== true) throw', replace: 'if (row === undefined) throw' }],
    test: { project: 'federation', file: 'test/contract/warned-moves.spec.ts', only: 'closed' },
  },
  {
    name: 'texts/token-of-its-own-live',
    guard: 'a text meets by bands only',
    edits: [{ file: 'libs/domain/clues/clues.repository.ts', find: 's.matchable and s.bands is null', replace: 's.matchable' }],
    test: { ...TEXTS, only: 'meet by bands only' },
  },
  {
    name: 'texts/three-bands',
    guard: 'fewer equal bands than the rule says are no match',
    edits: [{ file: 'migrations/1760000000020-texts-move.ts', find: "having count(distinct b.band) >= (select r.value from tally.network_rule r where r.name = 'text-bands-equal')", replace: 'having count(*) >= 3' }],
    test: { ...TEXTS, only: 'one band less' },
  },
  {
    name: 'texts/bands-counted-in-each-epoch',
    guard: 'two texts that have both moved are no nearer than before',
    edits: [{ file: 'migrations/1760000000020-texts-move.ts', find: 'having count(distinct b.band) >=', replace: 'having count(*) >=' }],
    test: { ...MOVING, only: 'texts in two epochs' },
  },
  {
    name: 'texts/kept-as-long-as-clues',
    guard: 'bands go after 90 days, whatever the level',
    edits: [{ file: 'libs/domain/clues/clue-batch.ts', find: 'Math.min(lifetimeDays(level), TEXT_DAYS_MAX)', replace: 'lifetimeDays(level)' }],
    test: { ...TEXTS, only: '90 days' },
  },
  {
    name: 'texts/names-stay-in',
    guard: 'names of firms never enter a band',
    edits: [{ file: 'libs/indicators/texts/redact.ts', find: "return withoutFirms(named.toLowerCase().replace(SOME, REDACTED))", replace: 'return named.toLowerCase().replace(SOME, REDACTED)' }],
    test: { project: 'unit', file: 'libs/indicators/texts/text-bands.spec.ts', only: 'a firm with its place' },
  },
  {
    name: 'texts/read-whole',
    guard: 'a text is compared as far as 4,000 characters, so that none costs more than 5 ms',
    edits: [{ file: 'libs/indicators/texts/text-bands.ts', find: 'shinglesOf(redacted(beginningOf(plain, TEXT_READ_MAX)))', replace: 'shinglesOf(redacted(plain))' }],
    test: { project: 'unit', file: 'libs/indicators/texts/text-bands.spec.ts', only: 'reads a long text as far as' },
  },
  {
    name: 'texts/torn-where-it-stops',
    guard: 'a long text is read as far as its last whole sentence, so that half a name is never taken for wording',
    edits: [{ file: 'libs/indicators/text/beginning.ts', find: 'lastOf(text, most, STOPS) ?? lastOf(text, most, PAUSES) ?? most', replace: 'most' }],
    test: { project: 'unit', file: 'libs/indicators/texts/text-bands.spec.ts', only: 'leaves no half of a name' },
  },
];

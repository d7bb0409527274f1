/**
 * The truth: which entity stands in which bank, under which noise, in which row. All of it is decided here, before a
 * single value is disturbed; writing noise later can therefore not bend the truth to what the noise happened to do.
 */
import { cards, idHashes } from './accounts.js';
import { devices } from './devices.js';
import type { Maker, Value } from './maker.js';
import { organisations } from './organisations.js';
import { phones } from './phones.js';
import { SeededRandom } from './random.js';
import { COMPLAINT_TEMPLATES, JUNK, type Complaint } from './unmatched.js';
import { emails, socials, urls } from './web.js';

export const BANKS = ['a', 'b', 'c'] as const;
export type Bank = (typeof BANKS)[number];

export interface Entity {
  readonly id: string;
  readonly maker: Maker;
  readonly value: Value;
  readonly banks: readonly Bank[];
}
export interface PlannedRow {
  readonly type: string;
  /** Empty: must not produce a token. `T:<template>`: a complaint, compared by similarity. */
  readonly entity: string;
  readonly noise: string;
  readonly level: 'must' | 'should' | 'reject' | 'similarity';
  readonly of: Entity | Complaint | { readonly junk: string };
}
export interface Decoy {
  readonly entity: string;
  readonly lookalike: string;
  readonly how: string;
}
export interface Plan {
  readonly seed: number;
  readonly entities: readonly Entity[];
  readonly decoys: readonly Decoy[];
  readonly rows: Readonly<Record<Bank, readonly PlannedRow[]>>;
}

/** Distinct values per bank and kind. */
export interface Sizes {
  readonly phone: number;
  readonly org_name: number;
  readonly device_id: number;
  readonly url: number;
  readonly bank_card: number;
  readonly id_hash: number;
  readonly social: number;
  readonly email: number;
  readonly complaint_text: number;
  readonly junk: number;
}
export const FULL: Sizes = { phone: 18000, org_name: 1100, device_id: 800, url: 600, bank_card: 400, id_hash: 300, social: 300, email: 200, complaint_text: 220, junk: 140 };
export const SMALL: Sizes = { phone: 500, org_name: 50, device_id: 50, url: 50, bank_card: 50, id_hash: 50, social: 50, email: 50, complaint_text: 50, junk: 14 };

const MAKERS: readonly Maker[] = [phones, organisations, devices, urls, cards, idHashes, socials, emails];
/** Shares of a bank's values that it holds in common with one other (without the triples), and with both. */
const SHARED = { phone: { ab: 0.05, ac: 0.0333, bc: 0.025, abc: 0.00833 }, other: { ab: 0.075, ac: 0.05, bc: 0.04, abc: 0.02 } };
const SECOND_SPELLING = 0.03;
const DECOYS: Readonly<Record<string, number>> = { phone: 0.18, org_name: 0.3 };

function memberships(type: string, size: number): (readonly Bank[])[] {
  const share = type === 'phone' ? SHARED.phone : SHARED.other;
  const plan: (readonly Bank[])[] = [];
  const left: Record<Bank, number> = { a: size, b: size, c: size };
  const add = (banks: readonly Bank[], count: number): void => {
    for (let i = 0; i < count; i++) plan.push(banks);
    for (const bank of banks) left[bank] -= count;
  };
  for (const [key, part] of Object.entries(share)) add([...key] as Bank[], Math.max(1, Math.round(part * size)));
  for (const bank of BANKS) add([bank], left[bank]);
  return plan;
}

/** Values of one kind: overlapping ones first, then what only one bank holds, a part of it look-alikes of the former. */
function makeEntities(maker: Maker, size: number, random: SeededRandom, decoys: Decoy[]): Entity[] {
  const taken = new Set<string>();
  const entities: Entity[] = [];
  const wanted = memberships(maker.type, size);
  const overlapping = wanted.filter((banks) => banks.length > 1).length;
  let decoysLeft = Math.round(overlapping * (DECOYS[maker.type] ?? 0));
  const fresh = (): Value => {
    for (;;) {
      const value = maker.make(random);
      if (!taken.has(value.canonical)) return value;
    }
  };
  for (const banks of wanted) {
    const id = `${maker.letter}${String(entities.length + 1).padStart(5, '0')}`;
    const like = banks.length === 1 && decoysLeft > 0 ? entities[random.below(overlapping)] : undefined;
    const decoy = like === undefined ? null : maker.decoy?.(like.value, random) ?? null;
    const use = decoy !== null && !taken.has(decoy.value.canonical) ? decoy : null;
    if (like !== undefined && use !== null) {
      decoys.push({ entity: like.id, lookalike: id, how: use.how });
      decoysLeft--;
    }
    const value = use?.value ?? fresh();
    taken.add(value.canonical);
    entities.push({ id, maker, value, banks });
  }
  return entities;
}

function rowsOf(entity: Entity, random: SeededRandom): PlannedRow[] {
  const noises = entity.maker.noises(entity.value);
  // must-noise is twice as common as should-noise
  const drawn = new Set(random.shuffle([...noises, ...noises.filter((noise) => noise.level === 'must')]));
  return [...drawn].slice(0, random.chance(SECOND_SPELLING) ? 2 : 1).map((noise) => ({
    type: entity.maker.type, entity: entity.id, noise: entity.value.claimed === true ? `${noise.name};claimed` : noise.name, level: noise.level, of: entity,
  }));
}

function unmatchedRows(sizes: Sizes, random: SeededRandom): PlannedRow[] {
  const complaints = Array.from({ length: sizes.complaint_text }, (): PlannedRow => {
    const complaint: Complaint = { template: random.pick(COMPLAINT_TEMPLATES), noise: random.chance(0.15) ? 'sentence_dropped' : 'params_only' };
    return { type: 'complaint_text', entity: `T:${complaint.template}`, noise: complaint.noise, level: 'similarity', of: complaint };
  });
  const junk = Array.from({ length: sizes.junk }, (_, i): PlannedRow => {
    const kind = JUNK[i % 7 === 6 ? 1 : 0] ?? { type: 'phone', values: [''] };
    return { type: kind.type, entity: '', noise: 'reject', level: 'reject', of: { junk: random.pick(kind.values) } };
  });
  return [...complaints, ...junk];
}

export function planScenario(seed: number, sizes: Sizes): Plan {
  const random = new SeededRandom(seed);
  const decoys: Decoy[] = [];
  const entities = MAKERS.flatMap((maker) => makeEntities(maker, sizes[maker.type as keyof Sizes], random, decoys));
  const rows: Record<Bank, PlannedRow[]> = { a: [], b: [], c: [] };
  for (const entity of entities) for (const bank of entity.banks) rows[bank].push(...rowsOf(entity, random));
  for (const bank of BANKS) {
    rows[bank].push(...unmatchedRows(sizes, random));
    random.shuffle(rows[bank]);
  }
  return { seed, entities, decoys, rows };
}

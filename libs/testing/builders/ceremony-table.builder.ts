/** Key-holders at a table: a home each, keys pinned among them, and the exchange folders that their operators carry. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSodiumEngine, type Engine } from '#crypto';
import type { CeremonyPlan } from '#protocol';
import {
  advanceCeremony, type CeremonyState, createHolderHome, epochFile, fingerprintOf, finishCeremony, type FinishedCeremony, type HolderHome, joinCeremony, openGeneration, openHolderHome, openRefresh,
  openResharing, signCeremonyManifest,
} from '#sdk';

export const CEREMONY_FEDERATION = 'fed';

export class CeremonyTable {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'tally-ceremony-'));
  readonly homes = new Map<string, HolderHome>();
  engine!: Engine;
  private folders = 0;

  static async of(ids: readonly string[]): Promise<CeremonyTable> {
    const table = new CeremonyTable();
    table.engine = await createSodiumEngine();
    table.seat(ids);
    return table;
  }

  /** Homes for these ids; everybody pins everybody. */
  seat(ids: readonly string[]): void {
    for (const id of ids) {
      const key = path.join(this.directory, `${id}.key`);
      writeFileSync(key, randomBytes(32).toString('hex'), { mode: 0o600 });
      this.homes.set(id, createHolderHome(path.join(this.directory, id), { federation: CEREMONY_FEDERATION, id, name: id, sealing: { kind: 'key-file', file: key } }));
    }
    for (const home of this.homes.values()) {
      for (const other of this.homes.values()) if (other !== home && home.pinsOf(other.settings.id).length === 0) home.trust.add(other.publicFile(), fingerprintOf(other.publicFile()), new Date());
    }
  }

  /** A home that was made elsewhere, by the command. */
  adopt(directory: string): void {
    const home = openHolderHome(directory);
    this.homes.set(home.settings.id, home);
  }

  home(id: string): HolderHome {
    const home = this.homes.get(id);
    if (home === undefined) throw new Error(`nobody of that name: ${id}`);
    return home;
  }

  keyFile(id: string): string {
    return this.home(id).settings.sealing.file;
  }

  folder(): string {
    this.folders += 1;
    const folder = path.join(this.directory, `exchange-${this.folders}`);
    mkdirSync(folder);
    return folder;
  }

  /** Another operator's copy of an exchange folder. */
  copyOf(folder: string): string {
    const copy = this.folder();
    cpSync(folder, copy, { recursive: true });
    return copy;
  }

  open(folder: string, plan: { epoch?: number; threshold: number; holders: readonly string[] }): CeremonyPlan {
    return openGeneration(this.home(plan.holders[0]!), { folder, epoch: plan.epoch ?? 1, days: 400, now: new Date(), threshold: plan.threshold, holders: plan.holders });
  }

  openRefresh(folder: string, by: string, epoch = 1): CeremonyPlan {
    return openRefresh(this.home(by), { folder, epoch, days: 400, now: new Date() });
  }

  openResharing(folder: string, by: string, to: { threshold: number; holders: readonly string[]; dealers?: readonly string[] }, epoch = 1): CeremonyPlan {
    return openResharing(this.home(by), { folder, epoch, days: 400, now: new Date(), ...to });
  }

  async join(id: string, folder: string, plan: CeremonyPlan): Promise<CeremonyState> {
    return joinCeremony(this.home(id), folder, this.engine, { kind: plan.kind, epoch: plan.epoch, threshold: plan.threshold, holders: plan.holders.map((holder) => holder.id) });
  }

  async round(id: string, folder: string): Promise<CeremonyState> {
    return advanceCeremony(this.home(id), folder, this.engine);
  }

  /** Everybody joins and goes on until all have confirmed. */
  async confirm(folder: string, plan: CeremonyPlan): Promise<void> {
    const people = this.peopleOf(plan);
    for (const id of people) await this.join(id, folder, plan);
    for (let round = 0; round < 4; round += 1) for (const id of people) await this.round(id, folder);
  }

  async finish(folder: string, plan: CeremonyPlan): Promise<Map<string, FinishedCeremony>> {
    const people = this.peopleOf(plan);
    for (const id of people) signCeremonyManifest(this.home(id), folder, this.engine);
    const done = new Map<string, FinishedCeremony>();
    for (const id of people) done.set(id, await finishCeremony(this.home(id), folder, this.engine));
    return done;
  }

  async run(folder: string, plan: CeremonyPlan): Promise<Map<string, FinishedCeremony>> {
    await this.confirm(folder, plan);
    return this.finish(folder, plan);
  }

  peopleOf(plan: CeremonyPlan): string[] {
    return [...plan.holders, ...plan.leaving].map(({ id }) => id);
  }

  manifestJws(id: string, epoch = 1): unknown {
    return JSON.parse(readFileSync(epochFile(this.home(id), epoch, 'manifest.json'), 'utf8'));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

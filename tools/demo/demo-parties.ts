/**
 * Who takes part: three invented banks, the alliance's secretariat (coordinator) with two officers, one police liaison.
 * Each has a home folder with keys of its own; keys of others are pinned by fingerprints read out over another channel,
 * which in a demo is this file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprintOf, parsePublicFile } from '#sdk';
import type { DemoNetwork } from './demo-network.js';
import { FEDERATION, HUB } from './demo-network.js';
import type { RunFolder } from './run-folder.js';
import type { Bank } from './scenario-truth.js';
import { BANKS } from './scenario-truth.js';
import { tally } from './tally-command.js';

export type PartyName = `bank-${Bank}` | 'coordinator' | 'liaison';

export interface DemoParty {
  readonly name: PartyName;
  readonly title: string;
  readonly home: string;
  readonly partyId: string;
  readonly role: string;
  readonly publicFile: string;
  readonly fingerprint: string;
  readonly officers: readonly { readonly id: string; readonly name: string; readonly keyFile: string }[];
}

interface PartyPlan {
  readonly name: PartyName;
  readonly role: 'member' | 'coordinator' | 'liaison';
  readonly en: string;
  readonly zh: string;
  readonly officers: readonly string[];
  readonly contactDesk: string;
  readonly jurisdiction: string;
}

const PLANS: readonly PartyPlan[] = [
  { name: 'coordinator', role: 'coordinator', en: 'Alliance Secretariat', zh: '联盟秘书处', officers: ['Zhou Ming', 'Qin Lan'], contactDesk: 'Secretariat duty desk', jurisdiction: 'CN' },
  { name: 'bank-a', role: 'member', en: 'Cloudford Bank', zh: '云津银行', officers: ['Ai Wen', 'An Qi'], contactDesk: 'Cloudford fraud desk', jurisdiction: 'CN' },
  { name: 'bank-b', role: 'member', en: 'Riverbend Bank', zh: '河湾银行', officers: ['Bao Lin', 'Bai Yu'], contactDesk: 'Riverbend fraud desk', jurisdiction: 'CN' },
  { name: 'bank-c', role: 'member', en: 'Pinehill Lending', zh: '松丘消费金融', officers: ['Cai Rui', 'Cheng Fei'], contactDesk: 'Pinehill fraud desk', jurisdiction: 'CN' },
  { name: 'liaison', role: 'liaison', en: 'Economic Crime Unit (demo)', zh: '经侦支队（演示）', officers: ['Lu Jian'], contactDesk: 'Case intake desk', jurisdiction: 'CN' },
];

interface InitAnswer {
  readonly partyId: string;
  readonly publicFile: string;
  readonly fingerprint: string;
  readonly officers: DemoParty['officers'];
}

export class DemoParties {
  private constructor(private readonly parties: ReadonlyMap<PartyName, DemoParty>) {}

  static async create(run: RunFolder, network: DemoNetwork): Promise<DemoParties> {
    const note = run.file('parties.json');
    if (existsSync(note)) return DemoParties.of(JSON.parse(readFileSync(note, 'utf8')) as DemoParty[]);
    const { addresses } = network;
    const common = [
      '--hub', addresses.hub, '--auth', addresses.auth, '--federation-id', FEDERATION, '--hub-id', HUB, '--federation-policy', 'synthetic',
      ...addresses.holders.flatMap((holder) => ['--key-holder', `${holder.id}=${holder.url}`]),
    ];
    const parties = await Promise.all(PLANS.map(async (plan): Promise<DemoParty> => {
      const home = run.file('homes', plan.name);
      const answer = await tally<InitAnswer>(home, ['init', '--name', plan.en, '--name-zh', plan.zh, '--role', plan.role, '--contact-desk', plan.contactDesk,
        '--jurisdiction', plan.jurisdiction, ...plan.officers.flatMap((officer) => ['--officer', officer]), ...common]);
      return { name: plan.name, title: `${plan.en} ${plan.zh}`, home, role: plan.role, ...answer };
    }));
    writeFileSync(note, JSON.stringify(parties, null, 2), { mode: 0o600 });
    return DemoParties.of(parties);
  }

  private static of(parties: readonly DemoParty[]): DemoParties {
    return new DemoParties(new Map(parties.map((party) => [party.name, party])));
  }

  get(name: PartyName): DemoParty {
    return this.parties.get(name)!;
  }

  bank(bank: Bank): DemoParty {
    return this.get(`bank-${bank}`);
  }

  get banks(): readonly DemoParty[] {
    return BANKS.map((bank) => this.bank(bank));
  }

  get all(): readonly DemoParty[] {
    return [...this.parties.values()];
  }

  publicOf(name: PartyName): Record<string, unknown> & { keys: { use: string; kid: string; jwk: object }[] } {
    return JSON.parse(readFileSync(this.get(name).publicFile, 'utf8')) as Record<string, unknown> & { keys: { use: string; kid: string; jwk: object }[] };
  }

  /** Each pins whom it will deal with: hub and key-holders, the liaison, and for the liaison every contributor and approver. */
  async pinEachOther(network: DemoNetwork): Promise<number> {
    const fingerprint = (file: string): string => fingerprintOf(parsePublicFile(JSON.parse(readFileSync(file, 'utf8'))));
    const services: Pinned[] = [network.hubPublicFile, network.holderPinsFile].map((file) => ({ file, fingerprint: fingerprint(file) }));
    const card = (name: PartyName): Pinned => ({ file: this.get(name).publicFile, fingerprint: this.get(name).fingerprint });
    const members: Pinned[] = BANKS.map((bank) => card(`bank-${bank}`));
    const plan: (readonly [DemoParty, readonly Pinned[]])[] = [
      ...this.banks.map((bank) => [bank, [...services, card('liaison')]] as const),
      [this.get('liaison'), [services[0]!, ...members, card('coordinator')]],
      [this.get('coordinator'), [services[0]!, card('liaison')]],
    ];
    await Promise.all(plan.map(async ([party, pins]) => {
      for (const { file, fingerprint: read } of pins) await tally(party.home, ['trust', 'add', '--file', file, '--fingerprint', read]);
    }));
    return plan.reduce((sum, [, pins]) => sum + pins.length, 0);
  }
}

interface Pinned {
  readonly file: string;
  /** As the other party read it out. */
  readonly fingerprint: string;
}

/** For readers of the ready file: where a party's keys are; never what they are. */
export function keyFilesOf(party: DemoParty): Record<string, string> {
  return Object.fromEntries(['auth', 'evidence', 'seal'].map((use) => [use, path.join(party.home, 'keys', `${use}.jwk.json`)]).filter(([, file]) => existsSync(file!)));
}

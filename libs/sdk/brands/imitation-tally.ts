/** What one publication found near brands, and the alerts that follow from it. Memory is bounded: a brand's owner needs examples, not a copy of the file. */
import type { BrandFinding } from '#indicators';
import type { AlertedValue } from '#protocol';
import type { PartyHome } from '../keys/party-home.js';
import type { HubClient } from '../transport/hub-client.js';
import type { Candidate } from '../publish/row-intake.js';
import { alertOwner } from './brand-alerts.js';

const VALUES_MAX = 200;

export interface ImitatedBrand {
  readonly owner: string;
  readonly brandId: string;
  /** Rows that come near it, weak findings included. */
  readonly rows: number;
  /** Rows whose finding rests on more than a word that many names share. */
  readonly strong: number;
  /** Alerts sent; 0 for an own brand, for weak findings, and when they were not wanted. */
  readonly alerts: number;
}
interface Tally { readonly finding: BrandFinding; rows: number; strong: number; readonly values: Map<string, AlertedValue> }

export class ImitationTally {
  private readonly brands = new Map<string, Tally>();

  add({ imitates, kind, raw, forms, terms, firstSeen }: Candidate): void {
    for (const finding of imitates) {
      const tally = this.tallyOf(finding);
      tally.rows += 1;
      if (!finding.strong) continue;
      tally.strong += 1;
      const { value } = forms[0];
      // One who reports in the role of the victim reports no imitator.
      const told = terms.role === 'AGENT' || terms.role === 'SUSPECT' || terms.role === 'IMPERSONATED';
      if (told && tally.values.size < VALUES_MAX) {
        tally.values.set(`${kind} ${value}`, { kind, value: raw.trim(), how: finding.how ?? '', entry: finding.entry, category: terms.category, firstSeen });
      }
    }
  }

  async finish(home: PartyHome, hub: HubClient, alert: boolean): Promise<ImitatedBrand[]> {
    const brands: ImitatedBrand[] = [];
    for (const { finding: { owner, brandId }, rows, strong, values } of this.brands.values()) {
      const wanted = alert && owner !== home.party.partyId && values.size > 0;
      brands.push({ owner, brandId, rows, strong, alerts: wanted ? await alertOwner(home, hub, { owner, brandId }, [...values.values()]) : 0 });
    }
    return brands;
  }

  private tallyOf(finding: BrandFinding): Tally {
    const key = `${finding.owner} ${finding.brandId}`;
    const known = this.brands.get(key);
    if (known !== undefined) return known;
    const tally: Tally = { finding, rows: 0, strong: 0, values: new Map() };
    this.brands.set(key, tally);
    return tally;
  }
}

/**
 * All brands of the network as this member believes them, ready to test a value (docs/impersonation.md). Built once; a test of a
 * name touches only the marks that begin with its own pairs of characters.
 */
import { normalise } from '../registry.js';
import type { IndicatorKind } from '../normaliser.js';
import { asciiHost } from '../text/host.js';
import type { Brand, BrandFinding } from './brand.model.js';
import { HostImitations } from './host-imitation.js';
import { LatinImitations } from './latin-imitation.js';
import { NameImitations } from './name-imitation.js';
import { NumberImitations } from './number-imitation.js';

type Found = Pick<BrandFinding, 'how' | 'strong' | 'entry'> & { readonly brand: Brand; readonly own?: boolean };

export class BrandIndex {
  private readonly names: NameImitations;
  private readonly latin: LatinImitations;
  private readonly hosts: HostImitations;
  private readonly numbers: NumberImitations;
  private readonly accounts = new Map<string, { readonly brand: Brand; readonly entry: string }>();

  constructor(readonly brands: readonly Brand[]) {
    this.names = new NameImitations(brands, (name) => canonicalOf('org_name', name));
    this.latin = new LatinImitations(brands);
    this.hosts = new HostImitations(brands);
    this.numbers = new NumberImitations(brands, (number) => canonicalOf('phone', number));
    for (const brand of brands) for (const entry of brand.accounts) this.accounts.set(canonicalOf('social', entry) ?? entry, { brand, entry });
  }

  /**
   * One finding for each brand that the value is or comes near; empty for most values and for kinds that no brand has.
   * @param raw as the row has it; @param canonical its exact form, null when it was rejected
   */
  test(kind: string, raw: string, canonical: string | null): readonly BrandFinding[] {
    if (this.brands.length === 0) return [];
    return this.found(kind, raw, canonical).map(({ brand, how, strong, entry, own }) => (
      { brandId: brand.brandId, owner: brand.owner, relation: own ? 'OWN' as const : 'IMITATES' as const, how, strong, entry }));
  }

  private found(kind: string, raw: string, canonical: string | null): Found[] {
    switch (kind) {
      case 'org_name': return canonical === null ? [] : this.ofName(raw, canonical);
      case 'phone': return this.numbers.of(raw, canonical);
      case 'url': return canonical === null ? [] : this.hosts.of(new URL(canonical).hostname);
      case 'domain': return canonical === null ? [] : this.hosts.of(asciiHost(canonical) ?? canonical);
      case 'email': return canonical === null ? [] : this.hosts.of(canonical.slice(canonical.lastIndexOf('@') + 1));
      case 'social': return canonical === null ? [] : this.ofAccount(canonical);
      default: return [];
    }
  }

  private ofName(raw: string, canonical: string): Found[] {
    const own = this.names.isOwn(canonical);
    if (own !== null) return [{ ...own, how: null, strong: true, own: true }];
    const named = this.names.of(canonical);
    if (!/[a-z\u0370-\u04ff]/iu.test(canonical)) return named;
    // As written: the canonical form has lost the points of `B.V.` and the accents.
    return [...named, ...this.latin.of(raw).filter(({ brand }) => !named.some((other) => other.brand === brand))];
  }

  private ofAccount(canonical: string): Found[] {
    const own = this.accounts.get(canonical);
    if (own !== undefined) return [{ ...own, how: null, strong: true, own: true }];
    const account = canonical.slice(canonical.indexOf(':') + 1);
    return this.latin.of(account).map(({ own: same, ...finding }) => ({ ...finding, how: 'ACCOUNT' as const, strong: same === true || finding.strong }));
  }
}

function canonicalOf(kind: IndicatorKind, raw: string): string | null {
  const result = normalise(kind, raw);
  return 'forms' in result ? result.forms[0].value : null;
}

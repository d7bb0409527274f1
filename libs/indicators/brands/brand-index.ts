/**
 * All brands of the network as this member believes them, ready to test a value (docs/impersonation.md). Built once; a test of a
 * name touches only the marks that begin with its own pairs of characters.
 */
import { domainToUnicode } from 'node:url';
import { parseUrl } from '#kernel';
import { normalise } from '../registry.js';
import type { IndicatorKind } from '../normaliser.js';
import { asciiHost } from '../text/host.js';
import type { Brand, BrandFinding } from './brand.model.js';
import { HostImitations } from './host-imitation.js';
import { LatinImitations } from './latin-imitation.js';
import { NameImitations } from './name-imitation.js';
import { NumberImitations } from './number-imitation.js';

const HAN = /\p{Script=Han}/u;
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
      case 'url': return canonical === null ? [] : this.ofAddress(canonical);
      case 'domain': return canonical === null ? [] : this.ofHost(asciiHost(canonical) ?? canonical);
      case 'email': return canonical === null ? [] : this.ofMailbox(canonical);
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
    return together(named, this.latin.of(raw));
  }

  /** A mini-program's short link has no host, but a name that people read. */
  private ofAddress(canonical: string): Found[] {
    const program = /^#小程序:\/\/([^/]+)\//u.exec(canonical)?.[1];
    if (program !== undefined) return this.ofTitle(program);
    const host = parseUrl(canonical)?.hostname ?? '';
    return host === '' ? [] : this.ofHost(host);
  }

  /** Names of firms in a host are names: 微众贷款.example. */
  private ofHost(host: string): Found[] {
    const found = this.hosts.of(host);
    const label = host.includes('xn--') ? domainToUnicode(host).split('.').find((part) => HAN.test(part)) : undefined;
    return label === undefined ? found : together(found, this.ofTitle(label).map((finding) => ({ ...finding, how: 'DOMAIN' as const })));
  }

  private ofMailbox(canonical: string): Found[] {
    const at = canonical.lastIndexOf('@');
    const found = this.ofHost(canonical.slice(at + 1));
    return together(found, this.ofTitle(canonical.slice(0, at)));
  }

  /** What a stranger calls an account, a mailbox or a mini-program: even the brand's very name there is not the brand's own. */
  private ofTitle(title: string): Found[] {
    const latin = this.latin.of(title).map(({ own, ...finding }) => ({ ...finding, how: 'ACCOUNT' as const, strong: own === true || finding.strong }));
    const canonical = HAN.test(title) ? canonicalOf('org_name', title) : null;
    if (canonical === null) return latin;
    const own = this.names.isOwn(canonical);
    const named = own === null ? this.names.of(canonical) : [{ ...own, strong: true }];
    return together(named.map(({ brand, entry, strong }) => ({ brand, entry, strong, how: 'ACCOUNT' as const })), latin);
  }

  private ofAccount(canonical: string): Found[] {
    const own = this.accounts.get(canonical);
    if (own !== undefined) return [{ ...own, how: null, strong: true, own: true }];
    return this.ofTitle(canonical.slice(canonical.indexOf(':') + 1));
  }
}

/** One finding a brand; the first list's count. */
function together(first: readonly Found[], second: readonly Found[]): Found[] {
  return [...first, ...second.filter(({ brand }) => !first.some((other) => other.brand === brand))];
}

function canonicalOf(kind: IndicatorKind, raw: string): string | null {
  const result = normalise(kind, raw);
  return 'forms' in result ? result.forms[0].value : null;
}

/** Hosts against protected domains: the real name in front of a stranger's, inside it, misspelt, or drawn alike in another script. */
import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';
import type { Brand, BrandFinding } from './brand.model.js';
import { distanceUpTo } from './latin-imitation.js';
import { latinShapeOf } from './look-alike.js';

interface Protected {
  readonly brand: Brand;
  readonly entry: string;
  /** Registrable domain; empty for a Latin name, which has none. */
  readonly domain: string;
  /** The label that people know, e.g. `webank`. */
  readonly label: string;
  readonly shape: string;
}
type Found = Pick<BrandFinding, 'how' | 'strong' | 'entry'> & { readonly brand: Brand; readonly own?: boolean };

/** Shorter labels (icbc, cmb) are looked for as whole words only. */
const INSIDE_MIN = 6;

export class HostImitations {
  private readonly entries: readonly Protected[];
  private readonly domains = new Map<string, Protected>();

  constructor(brands: readonly Brand[]) {
    this.entries = brands.flatMap((brand) => [
      ...brand.domains.flatMap((entry) => protectedDomain(brand, entry)),
      ...brand.latin.flatMap((entry) => protectedLabel(brand, entry)),
    ]);
    for (const entry of this.entries) if (entry.domain !== '') this.domains.set(entry.domain, entry);
  }

  /** @param host lower-case ASCII (WHATWG) */
  of(host: string): Found[] {
    const { domain, domainWithoutSuffix, subdomain } = parse(host, { validateHostname: false });
    const own = domain === null ? undefined : this.domains.get(domain);
    if (own !== undefined) return [{ brand: own.brand, entry: own.entry, how: null, strong: true, own: true }];
    const label = unicodeLabel(domainWithoutSuffix ?? host);
    const words = [...label.split('-'), ...(subdomain ?? '').split(/[.-]/).map(unicodeLabel)];
    const found = new Map<Brand, Found>();
    for (const entry of this.entries) {
      const near = isNear(entry, label, words);
      if (near && !found.has(entry.brand)) found.set(entry.brand, { brand: entry.brand, entry: entry.entry, how: 'DOMAIN', strong: entry.label.length >= 4 });
    }
    return [...found.values()];
  }
}

function isNear({ label, shape }: Protected, text: string, words: readonly string[]): boolean {
  if (words.some((word) => word === label || latinShapeOf(word) === shape)) return true;
  if (label.length < INSIDE_MIN) return false;
  const compact = text.replaceAll('-', '');
  if (words.some((word) => word.includes(label)) || compact.includes(label) || latinShapeOf(compact).includes(shape)) return true;
  return distanceUpTo(compact, label, 1) <= 1;
}

function protectedDomain(brand: Brand, entry: string): Protected[] {
  const { domain, domainWithoutSuffix } = parse(entry, { validateHostname: false });
  if (domain === null || !domainWithoutSuffix) return [];
  const label = unicodeLabel(domainWithoutSuffix);
  return [{ brand, entry, domain, label, shape: latinShapeOf(label) }];
}

function protectedLabel(brand: Brand, entry: string): Protected[] {
  const label = entry.toLowerCase().replace(/[^a-z0-9]/g, '');
  return label.length < 4 ? [] : [{ brand, entry, domain: '', label, shape: latinShapeOf(label) }];
}

function unicodeLabel(label: string): string {
  return label.includes('xn--') ? domainToUnicode(label) || label : label;
}

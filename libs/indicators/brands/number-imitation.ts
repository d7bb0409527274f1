/** Telephone numbers against official ones: the number itself, or it with something before or behind, as calls show that pretend to be it. */
import type { Brand, BrandFinding } from './brand.model.js';

type Found = Pick<BrandFinding, 'how' | 'strong' | 'entry'> & { readonly brand: Brand; readonly own?: boolean };
interface Official { readonly brand: Brand; readonly entry: string; readonly digits: string }

/** Country or trunk code, area code, or a service prefix before a short number: no numbering plan puts it there. */
const BEFORE_SHORT = /^(?:00|\+)?(?:86)?(?:0?(?:10|2\d|[3-9]\d{2}))?(?:400)?$/;
const SHORT_MAX = 6;
/** UTF-16 units; what is longer is no number with something around it. */
const RAW_MAX = 128;

export class NumberImitations {
  private readonly officials: readonly Official[];
  private readonly own = new Map<string, Official>();

  /** @param canonicalOf the canonical spelling of a telephone number; null for what is none */
  constructor(brands: readonly Brand[], canonicalOf: (number: string) => string | null) {
    this.officials = brands.flatMap((brand) => brand.numbers.map((entry) => ({ brand, entry, digits: entry.replace(/\D/g, '').replace(/^(?:00)?86(?=\d{10})/, '') })));
    for (const official of this.officials) {
      const canonical = canonicalOf(official.entry);
      if (canonical !== null) this.own.set(canonical, official);
    }
  }

  /** @param raw as written; @param canonical null where it is no telephone number: `+86 0 95384 1` is worth telling all the same */
  of(raw: string, canonical: string | null): Found[] {
    const own = canonical === null ? undefined : this.own.get(canonical);
    if (own !== undefined) return [{ brand: own.brand, entry: own.entry, how: null, strong: true, own: true }];
    if (raw.length > RAW_MAX) return [];
    const digits = raw.normalize('NFKC').replace(/[^\d+]/g, '');
    const found = new Map<Brand, Found>();
    for (const { brand, entry, digits: official } of this.officials) {
      if (!found.has(brand) && isDressed(digits, official)) found.set(brand, { brand, entry, how: 'NUMBER', strong: true });
    }
    return [...found.values()];
  }
}

function isDressed(digits: string, official: string): boolean {
  if (official.length < 5) return false;
  if (official.length > SHORT_MAX) return digits.length > official.length && digits.length <= official.length + 2 && digits.startsWith(official);
  if (digits.endsWith(official)) return digits.length > official.length && BEFORE_SHORT.test(digits.slice(0, -official.length));
  return digits.startsWith(official) && digits.length - official.length <= 3;
}

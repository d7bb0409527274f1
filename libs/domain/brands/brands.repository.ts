/** SQL of brands and alerts. What crosses members goes through functions of tally_match (migrations). */
import { DomainError, isUuid, pageOf, type MemberId, type Page, type PageRequest } from '#kernel';
import type { Tx } from '#platform/database';
import { BRANDS_OF_MEMBER_MAX } from '#protocol';
import type { RegisteredBrand, SealedAlert } from './brand.model.js';

type Stored = Pick<RegisteredBrand, 'revision' | 'statement'>;

export class BrandsRepository {
  /** The member's own statement on a brand, locked until the transaction ends. */
  async hold(tx: Tx, memberId: MemberId, brandId: string): Promise<Stored | null> {
    const [row] = await tx.query<Stored>('select revision, statement from tally.brand where member_id = $1 and brand_id = $2 for update', [memberId, brandId]);
    return row ?? null;
  }

  /** @throws DomainError LIMIT_EXCEEDED for one brand too many */
  async put(tx: Tx, memberId: MemberId, brand: Omit<RegisteredBrand, 'owner'>): Promise<void> {
    await tx.execute(
      `insert into tally.brand (member_id, brand_id, revision, withdrawn, statement) values ($1, $2, $3, $4, $5)
         on conflict (member_id, brand_id) do update set revision = excluded.revision, withdrawn = excluded.withdrawn, statement = excluded.statement, changed_at = now()`,
      [memberId, brand.brandId, brand.revision, brand.withdrawn, brand.statement]);
    const [row] = await tx.query<{ n: number }>('select count(*)::int as n from tally.brand where member_id = $1', [memberId]);
    if ((row?.n ?? 0) > BRANDS_OF_MEMBER_MAX) throw new DomainError('LIMIT_EXCEEDED', 'brands', { limit: 'brands', maximum: BRANDS_OF_MEMBER_MAX });
  }

  /** Of every active member, in order of owner and brand. */
  async list(tx: Tx, page: PageRequest): Promise<Page<RegisteredBrand>> {
    const [owner, brand] = cursorOf(page);
    const rows = await tx.query<RegisteredBrand>(
      'select member_id as owner, brand_id as "brandId", revision, withdrawn, statement from match.brands($1, $2, $3)', [owner, brand, page.first + 1]);
    return pageOf(rows, page.first, (row) => `${row.owner}.${row.brandId}`);
  }

  /** @throws DomainError NOT_FOUND for an unknown or withdrawn brand, QUOTA_EXHAUSTED, ALREADY_EXISTS for a used id */
  async alert(tx: Tx, alert: { readonly owner: string; readonly brandId: string; readonly alertId: string; readonly sealed: string }): Promise<void> {
    await tx.execute('select match.alert_brand($1, $2, $3, $4)', [alert.owner, alert.brandId, alert.alertId, alert.sealed]).catch(asDomainError);
  }

  /** Of the member's own brands, oldest first. */
  async alerts(tx: Tx, memberId: MemberId, page: PageRequest): Promise<Page<SealedAlert>> {
    if (page.after !== null && !isUuid(page.after)) throw new DomainError('BAD_INPUT', 'cursor', { field: 'after' });
    const rows = await tx.query<SealedAlert>(
      `select alert_id as "alertId", brand_id as "brandId", sealed, sent_at as "sentAt" from tally.brand_alert
         where member_id = $1 and expires_at > now() and ($2::uuid is null or alert_id > $2) order by alert_id limit $3`, [memberId, page.after, page.first + 1]);
    return pageOf(rows, page.first, ({ alertId }) => alertId);
  }
}

function cursorOf({ after }: PageRequest): readonly [string | null, string | null] {
  if (after === null) return [null, null];
  const [owner, brand, ...rest] = after.split('.');
  if (!isUuid(owner) || !isUuid(brand) || rest.length > 0) throw new DomainError('BAD_INPUT', 'cursor', { field: 'after' });
  return [owner, brand];
}

const FAULTS: Readonly<Record<string, DomainError>> = {
  TL404: new DomainError('NOT_FOUND', 'brand'), TL429: new DomainError('QUOTA_EXHAUSTED', 'alerts of today are used up', { quota: 'brand-alerts-per-day' }),
  23505: new DomainError('ALREADY_EXISTS', 'alert id', { field: 'alertId' }),
};
function asDomainError(error: unknown): never {
  const { code, driverError } = error as { code?: string; driverError?: { code?: string } };
  throw FAULTS[driverError?.code ?? code ?? ''] ?? error;
}

/** One page of a list in cursor order. Cursors are opaque to clients. */
export interface Page<T> {
  readonly items: readonly { readonly node: T; readonly cursor: string }[];
  readonly hasNextPage: boolean;
}
export interface PageRequest {
  /** 1 to 100 (docs/access.md). */
  readonly first: number;
  readonly after: string | null;
}
export const PAGE_MAX = 100;

/** Builds a page from rows read with `limit first + 1`. */
export function pageOf<T>(rows: readonly T[], first: number, cursorOf: (row: T) => string): Page<T> {
  return {
    items: rows.slice(0, first).map((node) => ({ node, cursor: cursorOf(node) })),
    hasNextPage: rows.length > first,
  };
}

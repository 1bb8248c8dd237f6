import type { Page, PageRequest } from '../store/page.ts';

// Opaque to callers, so that the order can change without breaking them.
const PREFIX = 'id:';

function encodeCursor(id: number): string {
  return Buffer.from(`${PREFIX}${id}`).toString('base64url');
}

export function decodeCursor(cursor: string): number | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const id = Number(text.slice(PREFIX.length));
  return text.startsWith(PREFIX) && Number.isSafeInteger(id) && id >= 0 ? id : null;
}

/** What a checked `pageQuery` asks the store for. */
export function pageRequest(query: { limit: number; cursor?: string | undefined }): PageRequest {
  return { limit: query.limit, afterId: query.cursor === undefined ? 0 : (decodeCursor(query.cursor) ?? 0) };
}

/** The answer of a list: `{ items, next }`. */
export function toList<Row, Item = Row>(page: Page<Row>, toItem: (row: Row) => Item): { items: Item[]; next: string | null } {
  return { items: page.items.map(toItem), next: page.nextAfterId === null ? null : encodeCursor(page.nextAfterId) };
}

/** A part of a list ordered by id: what comes after `afterId`. */
export interface PageRequest {
  afterId: number;
  limit: number;
}

export interface Page<T> {
  items: T[];
  /** Where the next page starts; null on the last one. */
  nextAfterId: number | null;
}

// One row more than asked for tells whether the list goes on.
export function pageQuery({ afterId, limit }: PageRequest): { where: { id: { gt: number } }; orderBy: { id: 'asc' }; take: number } {
  return { where: { id: { gt: afterId } }, orderBy: { id: 'asc' }, take: limit + 1 };
}

export function cutPage<T extends { id: number }>(rows: readonly T[], { limit }: PageRequest): Page<T> {
  const items = rows.slice(0, limit);
  return { items, nextAfterId: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

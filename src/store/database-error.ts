// Values the columns cannot hold: trying the same again cannot help. Everything else may pass: the server is away,
// restarts, is full, is locked, is not migrated yet.
const BAD_VALUE_CLASSES = ['22', '23'];
const BAD_VALUE_NUMBERS = [1264, 1265, 1292, 1366, 1406];

export function isBadValue(err: unknown): boolean {
  const { sqlState, errno } = err as { sqlState?: string | null; errno?: number };
  return BAD_VALUE_CLASSES.includes((sqlState ?? '').slice(0, 2)) || (errno !== undefined && BAD_VALUE_NUMBERS.includes(errno));
}

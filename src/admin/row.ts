/** A row as the database gives it, with what was selected beside it. */
export type Row = Record<string, unknown>;
/** What a form carries, by field. */
export type Input = Record<string, unknown>;

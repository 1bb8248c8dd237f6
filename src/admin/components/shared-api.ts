import { useEffect, useState } from 'react';
import { ApiProblem, makeApiClient } from '../../generated/api-client.ts';

// The page's own script adds the CSRF token to what `fetch` sends.
export const api = makeApiClient({ fetch: (...given) => window.fetch(...given) });

export interface Trouble {
  sentence: string;
  /** What is wrong with which field. */
  fields: Readonly<Record<string, string>>;
}

export function troubleOf(err: unknown): Trouble {
  if (!(err instanceof ApiProblem)) return { sentence: 'The server cannot be reached. Try again in a moment.', fields: {} };
  const { fields, message } = err;
  const [first] = Object.values(fields);
  return { sentence: first === undefined ? message : `${Object.keys(fields)[0]} ${first}`, fields };
}

export interface Answer<T> {
  data: T | null;
  trouble: Trouble | null;
  again(): void;
}

/** Reads when `key` changes, and again when told to; what was read stays meanwhile. Null as key: nothing to read yet. */
export function useAnswer<T>(key: string | null, read: () => Promise<T>): Answer<T> {
  const [state, setState] = useState<{ key: string | null; data: T | null; trouble: Trouble | null }>({ key, data: null, trouble: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return;
    let asked = true;
    read().then(
      (data) => asked && setState({ key, data, trouble: null }),
      (err: unknown) => asked && setState((before) => ({ key, data: before.key === key ? before.data : null, trouble: troubleOf(err) })),
    );
    return () => {
      asked = false;
    };
  }, [key, round]);
  const isCurrent = state.key === key;
  return { data: isCurrent ? state.data : null, trouble: isCurrent ? state.trouble : null, again: () => setRound(round + 1) };
}

/** A whole list, piece by piece. */
export async function all<T>(piece: (cursor: { cursor?: string }) => Promise<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer: { items: T[]; next: string | null } = await piece(cursor === '' ? {} : { cursor });
    items.push(...answer.items);
    cursor = answer.next;
  }
  return items;
}

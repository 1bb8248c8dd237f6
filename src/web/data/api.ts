import { ApiProblem, makeApiClient, type ApiClient } from '../../generated/api-client.ts';
import { language, words } from '../words.ts';

/** What went wrong, in a sentence for the person at the screen; the fields at fault by name. */
export class Trouble extends Error {
  readonly status: number;
  /** The kind of problem, such as `code-needed`. */
  readonly kind: string;
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    message: string,
    options: { status?: number; kind?: string; fields?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'Trouble';
    this.status = options.status ?? 0;
    this.kind = options.kind ?? '';
    this.fields = options.fields ?? {};
  }
}

const TIMEOUT_MS = 20_000;
let onSessionEnd: () => void = () => {};

/** Called when the server no longer knows the session. */
export function whenSessionEnds(tell: () => void): void {
  onSessionEnd = tell;
}

export const api: ApiClient = makeApiClient({
  fetch: async (address, options = {}) => {
    const headers = { ...(options.headers as Record<string, string>), 'Accept-Language': language };
    const response = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    // A 401 to a log-in is about the password.
    if (response.status === 401 && options.method !== 'POST') onSessionEnd();
    return response;
  },
});

/** The server says it in the language of the page; what stands in front of it, or a fault inside, says nothing to people. */
function sentenceOf({ type, status, message }: ApiProblem): string {
  return type === 'about:blank' || status === 500 ? words.trouble.server : message;
}

export function toTrouble(error: unknown): Trouble {
  if (error instanceof Trouble) return error;
  if (!(error instanceof ApiProblem)) return new Trouble(words.trouble.network, { cause: error });
  const { status, fields } = error;
  const kind = error.type.slice(error.type.lastIndexOf(':') + 1);
  return new Trouble(sentenceOf(error), { status, kind, fields, cause: error });
}

/** A whole list, piece by piece. */
export async function all<Item>(
  readPiece: (cursor: { cursor?: string }) => Promise<{ items: Item[]; next: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: { cursor?: string } | null = {};
  while (cursor !== null) {
    const piece: { items: Item[]; next: string | null } = await readPiece(cursor);
    items.push(...piece.items);
    cursor = piece.next === null ? null : { cursor: piece.next };
  }
  return items;
}

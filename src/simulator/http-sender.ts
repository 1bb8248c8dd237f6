import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { NotLetIn } from './not-let-in.ts';

const TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const TOO_MANY = 429;

export interface HttpSenderOptions {
  url: string;
  token: string | undefined;
  signal: AbortSignal;
  say(sentence: string): void;
}

interface Answer {
  rejected?: { reason: string }[];
  detail?: string;
}

/** Posts one value after the other, each for as long as it takes. */
export function makeHttpSender({ url, token, signal, say }: HttpSenderOptions) {
  const { host } = new URL(url);
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };

  /** Null: it has it. */
  async function post(body: string): Promise<{ again: string; afterMs: number | null } | null> {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((err: Error) => err);
    if (answer instanceof Error) return { again: ((answer.cause as Error | undefined) ?? answer).message, afterMs: null };
    const { status } = answer;
    const told = (await answer.json().catch(() => ({}))) as Answer;
    const why = told.detail ?? answer.statusText;
    if (status === TOO_MANY || status >= 500) {
      return { again: `${status} ${why}`, afterMs: Number(answer.headers.get('retry-after')) * 1_000 || null };
    }
    if (status === 401 || status === 403 || status === 404) {
      throw new NotLetIn('refused', `${host} answers ${status}: ${why} ${token === undefined ? 'Give a token with --token.' : ''}`.trim());
    }
    if (!answer.ok) throw new AppError('refused', `${host} answers ${status}: ${why}`);
    const [first] = told.rejected ?? [];
    if (first !== undefined) throw new AppError('refused', first.reason);
    return null;
  }

  return async (body: string): Promise<void> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const problem = await post(body);
      if (problem === null) return;
      if (signal.aborted) throw new AppError('refused', `${host}: ${problem.again}`);
      const afterMs = problem.afterMs ?? pauseMs;
      say(`${host}: ${problem.again}; tried again in ${Math.ceil(afterMs / 1_000)} s`);
      await wait(afterMs, undefined, { signal }).catch(() => {});
    }
  };
}

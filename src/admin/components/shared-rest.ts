const FAILED = 'This did not work. Try again in a moment.';

interface Answer<T> {
  data: T | null;
  /** A sentence; empty when all went well. */
  problem: string;
}

/** What REST answered: what was asked for, or the sentence of what went wrong and the fields that it names. */
export type RestAnswer<T> = { ok: true; body: T } | { ok: false; problem: string; fields: Record<string, string> };

/** The panel's script adds what our guard asks for. */
export async function callRest<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<RestAnswer<T>> {
  try {
    const sent = body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`/api/v1${path}`, { method, ...sent });
    const text = await answer.text();
    const told = (text === '' ? {} : JSON.parse(text)) as T & { detail?: string; fields?: Record<string, string> };
    return answer.ok ? { ok: true, body: told } : { ok: false, problem: told.detail ?? FAILED, fields: told.fields ?? {} };
  } catch {
    return { ok: false, problem: 'Wattbook does not answer. Try again in a moment.', fields: {} };
  }
}

export async function postJson<T>(path: string, body: object): Promise<Answer<T>> {
  const answer = await callRest<T>('POST', path, body);
  if (answer.ok) return { data: answer.body, problem: '' };
  const fields = Object.entries(answer.fields).map(([name, sentence]) => `${name}: ${sentence}`);
  return { data: null, problem: fields.length > 0 ? fields.join('. ') : answer.problem };
}

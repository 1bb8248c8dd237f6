import { ApiClient, useNotice, type ActionProps } from 'adminjs';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';

interface Problem {
  response?: { data?: { detail?: string; fields?: Record<string, string> } };
}

export interface CalledAction<T> {
  busy: boolean;
  problem: string;
  data: T | null;
  run(input?: Record<string, string>): Promise<void>;
}

function sentenceOf(err: unknown): string {
  const { detail, fields } = (err as Problem).response?.data ?? {};
  const [first] = Object.values(fields ?? {});
  return first ?? detail ?? 'This did not work. Try again in a moment.';
}

/** Runs the action of this page: always by POST. Throws what went wrong. */
async function callAction<T>({ resource, record, action }: ActionProps, input: Record<string, string>) {
  const answer = await new ApiClient().recordAction({
    resourceId: resource.id,
    recordId: record?.id ?? '',
    actionName: action.name,
    data: { ...input, run: 'true' },
  });
  return { ...answer.data, data: (answer.data as unknown as { data?: T }).data ?? null };
}

/** One step of an action that has several, without a word to the person: its data, or the sentence of what went wrong. */
export async function askAction<T>(props: ActionProps, input: Record<string, string>): Promise<{ data: T | null; problem: string }> {
  try {
    return { data: (await callAction<T>(props, input)).data, problem: '' };
  } catch (err) {
    return { data: null, problem: sentenceOf(err) };
  }
}

/** Runs the action of this page, only when the person said so. */
export function useCalledAction<T>(props: ActionProps): CalledAction<T> {
  const [state, setState] = useState<{ busy: boolean; problem: string; data: T | null }>({ busy: false, problem: '', data: null });
  const notice = useNotice();
  const navigate = useNavigate();

  async function run(input: Record<string, string> = {}): Promise<void> {
    setState({ ...state, busy: true, problem: '' });
    try {
      const answer = await callAction<T>(props, input);
      if (answer.notice?.message) notice(answer.notice);
      if (answer.redirectUrl) return navigate(answer.redirectUrl);
      setState({ busy: false, problem: '', data: answer.data });
    } catch (err) {
      setState({ ...state, busy: false, problem: sentenceOf(err) });
    }
  }
  return { ...state, run };
}

import { useState } from 'react';
import type { ModelImport } from '../../generated/api-client.ts';

export interface ImportWish {
  file: File;
  key: string;
  format: string;
}

export interface ImportState {
  busy: boolean;
  problem: string;
  answer: ModelImport | null;
  ask(wish: ImportWish, apply: boolean): Promise<void>;
  forget(): void;
}

const MOST_BYTES = 2 * 1024 * 1024;
const NOTHING = { busy: false, problem: '', answer: null };
const FAILED = 'This did not work. Try again in a moment.';

/** The dry run of a file, and its import. */
export function useModelImport(): ImportState {
  const [state, setState] = useState<Pick<ImportState, 'busy' | 'problem' | 'answer'>>(NOTHING);

  async function ask({ file, key, format }: ImportWish, apply: boolean): Promise<void> {
    if (file.size > MOST_BYTES) return setState({ ...NOTHING, problem: 'The file is larger than 2 MB: no table of registers is.' });
    setState({ ...state, busy: true, problem: '' });
    // Only what was shown to be replaced: somebody else may have made a model of this key meanwhile.
    const replaces = state.answer?.models.some((model) => model.state === 'changed') ?? false;
    const query = new URLSearchParams({
      name: file.name,
      ...(key ? { key } : {}),
      ...(format ? { format } : {}),
      ...(apply ? { apply: 'true', replace: String(replaces) } : {}),
    });
    try {
      const answer = await fetch(`/api/v1/models/import?${query}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: await file.arrayBuffer(),
      });
      const body = (await answer.json()) as ModelImport & { detail?: string };
      setState(answer.ok ? { busy: false, problem: '', answer: body } : { ...NOTHING, problem: body.detail ?? FAILED });
    } catch {
      // Also when the file was saved again or removed meanwhile: browsers then do not read it.
      setState({ ...NOTHING, problem: 'The file could not be sent. If you saved it again meanwhile, choose it once more.' });
    }
  }
  return { ...state, ask, forget: () => setState(NOTHING) };
}

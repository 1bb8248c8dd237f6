import { useState } from 'preact/hooks';
import { toTrouble, type Trouble } from './api.ts';

export interface Sending {
  busy: boolean;
  trouble: Trouble | null;
  /** One at a time; false: it went wrong, and `trouble` says how. */
  send(work: () => Promise<void>): Promise<boolean>;
  forget(): void;
}

/** Something that a person sends, and what came of it. */
export function useSending(): Sending {
  const [state, setState] = useState<{ busy: boolean; trouble: Trouble | null }>({ busy: false, trouble: null });
  return {
    ...state,
    async send(work) {
      if (state.busy) return false;
      setState({ busy: true, trouble: null });
      try {
        await work();
        setState({ busy: false, trouble: null });
        return true;
      } catch (error) {
        setState({ busy: false, trouble: toTrouble(error) });
        return false;
      }
    },
    forget: () => setState({ busy: false, trouble: null }),
  };
}

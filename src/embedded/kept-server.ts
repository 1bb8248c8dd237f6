import { setTimeout as wait } from 'node:timers/promises';
import type { PrivateServer } from './server-process.ts';

const PAUSE_MS = 1_000;

export interface KeptServer {
  stop(): Promise<void>;
}

/** Starts a private server again when it dies, at the same address. */
export function keepServer(
  name: string,
  first: PrivateServer,
  start: () => Promise<PrivateServer>,
  onSentence: (sentence: string) => void,
): KeptServer {
  const stopping = new AbortController();
  let current: PrivateServer | null = first;
  const watch = async () => {
    while (!stopping.signal.aborted) {
      if (current) {
        await current.ended;
        current = null;
        if (stopping.signal.aborted) return;
        onSentence(`${name} ended and is started again.`);
      }
      try {
        current = await start();
      } catch (err) {
        onSentence((err as Error).message);
        await wait(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await current?.stop();
      await watching;
      await current?.stop();
    },
  };
}

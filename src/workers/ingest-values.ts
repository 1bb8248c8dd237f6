import { pushedValues } from '../domain/measurement-tuple.ts';
import type { PushedMessage } from '../domain/pushed-message.ts';

export interface IngestValuesDeps {
  /** Each resolves once it is committed. */
  messages: { add(message: PushedMessage): Promise<void>; whenRoom(): Promise<void> };
  clock: () => number;
}

/** Measured values that another program put into the queue; the job ends when all of them are stored. Who reaches Redis is trusted. */
export function makeIngestValues({ messages, clock }: IngestValuesDeps) {
  return async (values: unknown): Promise<{ messages: number }> => {
    const pushed = pushedValues(values, { receivedMs: clock(), sourceId: null });
    await messages.whenRoom();
    await Promise.all(pushed.map((message) => messages.add(message)));
    return { messages: pushed.length };
  };
}

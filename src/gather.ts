import { here, traced, type Place } from './tracing.ts';

export interface Waiting<T> {
  item: T;
  /** Where in a trace it was added. */
  from: Place | undefined;
  done: () => void;
  failed: (err: unknown) => void;
}

export interface Gathering<T> {
  /** Resolves or rejects when its batch is settled. */
  add(item: T): Promise<void>;
  /** Resolves once nothing waits. */
  idle(): Promise<void>;
}

export interface GatheringOptions<T> {
  /** What settling a batch is called in traces. */
  name: string;
  /** Calls `done` or `failed` of each. */
  settle(batch: readonly Waiting<T>[]): Promise<void>;
  /** How long the first of a batch waits for others. */
  windowMs: number;
  limit: number;
}

/** Gathers items into batches: while one batch is settled the next one grows, so that load makes batches wider. */
export function gather<T>({ name, settle, windowMs, limit }: GatheringOptions<T>): Gathering<T> {
  let waiting: Waiting<T>[] = [];
  let settling: Promise<void> | null = null;

  async function settleAll(): Promise<void> {
    await pause(windowMs);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, limit);
      waiting = waiting.slice(limit);
      const links = batch.map(({ from }) => from);
      const parent = links.find((from) => from !== undefined) ?? null;
      await traced(name, { parent, links, attributes: { 'wattbook.items': batch.length } }, () => settle(batch));
    }
    settling = null;
  }

  return {
    add(item) {
      return new Promise((done, failed) => {
        waiting.push({ item, done, failed, from: here() });
        settling ??= settleAll();
      });
    },
    async idle() {
      while (settling) await settling;
    },
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

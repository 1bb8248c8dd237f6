import type { Terminal } from '../embedded/terminal.ts';
import { AppError } from '../errors.ts';
import { Deliveries } from '../simulator/deliveries.ts';
import type { Stopping } from './until-stopped.ts';

/** What is on its way when somebody ends it. */
const LAST_WAIT_MS = 15_000;

interface DeliverOptions {
  terminal: Terminal;
  stopping: Stopping;
  /** Unacknowledged at once. */
  most: number;
  /** Rejects when going on makes no sense. */
  lost?: Promise<never> | undefined;
  deliveries(): AsyncGenerator<() => Promise<void>>;
  close(): Promise<void>;
}

/** Sends until it is told to end or has sent all, waits for what is on its way, and says what became of it. */
export async function deliver({ terminal, stopping, most, lost, deliveries, close }: DeliverOptions): Promise<void> {
  const under = new Deliveries({ most, onRefused: (sentence) => terminal.say(sentence) });
  const { tally } = under;
  const sentence = () => `${tally.sent} sent, ${tally.acknowledged} acknowledged, ${tally.refused} refused`;
  try {
    await terminal.step('sending', async (tell) => {
      const told = setInterval(() => tell(sentence()), 250);
      try {
        await Promise.race([...(lost ? [lost] : []), sendAll(under, deliveries(), stopping)]);
      } finally {
        clearInterval(told);
      }
    });
  } finally {
    terminal.say(`${sentence()}.`);
    await close();
  }
  // What ended it by itself is said first.
  if (stopping.signal.aborted) await stopping.stopped;
  if (under.open > 0) throw new AppError('unacknowledged', `${under.open} were not acknowledged: the other side may have them or not.`);
  if (tally.refused > 0) throw new AppError('refused', `${tally.refused} were refused.`);
}

async function sendAll(under: Deliveries, deliveries: AsyncGenerator<() => Promise<void>>, { signal, stopped }: Stopping): Promise<void> {
  // Somebody ends it though there is no room for the next one.
  const ended = stopped.catch(() => {});
  for await (const one of deliveries) {
    await Promise.race([under.add(one), ended]);
    if (signal.aborted) break;
  }
  const waited = new Promise((resolve) => setTimeout(resolve, LAST_WAIT_MS).unref());
  await Promise.race([under.allSettled(), signal.aborted ? waited : ended.then(() => waited)]);
}

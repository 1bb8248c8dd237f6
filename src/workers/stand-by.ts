import { isHeld, look, takeableFromMs, type Found, type LeaseTimes, type Watch } from '../domain/lease.ts';
import type { Logger } from '../logger.ts';
import { Sleeper } from '../sleeper.ts';

/** What only the holder of the lease does. */
export interface Duty {
  /** Ends what was begun, and takes on nothing new. */
  finish(): Promise<void>;
  /** Lets go of everything at once. */
  drop(): Promise<void>;
}

export interface StandByOptions {
  /** What the lease is for, as the log says it. */
  duty: string;
  times: LeaseTimes;
  /** Takes or renews the lease; false while it is somebody else's. */
  hold(): Promise<boolean>;
  find(): Promise<Found>;
  release(): Promise<void>;
  /** The lease may end between two turns of the event loop: `isHeld` is asked before each request. */
  begin(isHeld: () => boolean): Promise<Duty>;
  /** Milliseconds that never step back. */
  monotonic: () => number;
  log: Logger;
}

/** Waits for the lease, does the duty while it is held, and waits again when it is lost. */
export function standBy(options: StandByOptions): { close(): Promise<void> } {
  const { duty: name, times, hold, find, release, begin, monotonic, log } = options;
  let closing = false;
  const pausing = new Sleeper();

  /** Null: the server did not answer in time. */
  async function ask<T>(question: Promise<T>, withinMs: number): Promise<T | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, withinMs, null);
    });
    try {
      return await Promise.race([question, late]);
    } catch (err) {
      log.warn({ err }, 'lease: redis does not answer');
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One look, and one try where it may be taken. `heldSinceMs`: when the renewal was sent that holds it from now on. */
  async function take(watch: Watch): Promise<{ watch: Watch; heldSinceMs: number | null; waitMs: number }> {
    const lookMs = times.renewMs / 4;
    const found = await ask(find(), times.closeAfterMs);
    if (found === null) return { watch, heldSinceMs: null, waitMs: lookMs };
    const seen = look(watch, found, monotonic());
    const sentMs = monotonic();
    const leftMs = takeableFromMs(seen, found, times) - sentMs;
    if (leftMs > 0) return { watch: seen, heldSinceMs: null, waitMs: Math.min(leftMs, lookMs) };
    const held = await ask(hold(), times.closeAfterMs);
    return { watch: seen, heldSinceMs: held === true && isHeld(sentMs, monotonic(), times) ? sentMs : null, waitMs: lookMs };
  }

  /** Until it is lost, or given back because the process ends. Answers when it was renewed last. */
  async function serve(heldSinceMs: number): Promise<number> {
    let renewedMs = heldSinceMs;
    const duty = await begin(() => isHeld(renewedMs, monotonic(), times));
    log.info({ duty: name }, 'holds the lease');
    let finishing: Promise<void> | null = null;
    let finished = false;
    for (;;) {
      if (!closing) await pausing.sleep(times.renewMs);
      else {
        finishing ??= duty.finish().then(() => {
          finished = true;
          pausing.wake();
        });
        if (!finished) await pausing.sleep(times.renewMs);
      }
      if (finished) {
        await ask(release(), times.renewMs);
        return renewedMs;
      }
      const sentMs = monotonic();
      const held = isHeld(renewedMs, sentMs, times) ? await ask(hold(), renewedMs + times.closeAfterMs - sentMs) : null;
      if (held === true) renewedMs = sentMs;
      if (held === false || !isHeld(renewedMs, monotonic(), times)) {
        log.warn({ duty: name, taken: held === false }, 'lost the lease: lets go');
        await duty.drop();
        return renewedMs;
      }
    }
  }

  async function run(): Promise<void> {
    let watch: Watch = { sinceMs: monotonic(), renewedMs: null };
    while (!closing) {
      const taken = await take(watch);
      watch = taken.watch;
      if (taken.heldSinceMs === null) {
        await pausing.sleep(taken.waitMs);
        continue;
      }
      try {
        watch = { sinceMs: monotonic(), renewedMs: await serve(taken.heldSinceMs) };
      } catch (err) {
        log.error({ duty: name, err }, 'could not begin its duty: tried again');
        await pausing.sleep(times.renewMs);
      }
    }
  }

  const running = run();
  return {
    async close() {
      closing = true;
      pausing.wake();
      await running;
    },
  };
}

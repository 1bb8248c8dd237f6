import { parseConfig } from '../../src/config.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { LEASE_TIMES } from '../../src/domain/lease.ts';
import { makeLogger } from '../../src/logger.ts';
import { Shutdown } from '../../src/shutdown.ts';

/** What a role needs to run inside a test; `shutdown.run()` ends it. */
export function processContext(env: Record<string, string>): ProcessContext {
  const log = makeLogger('test', process.env['TEST_LOG_LEVEL'] ?? 'silent');
  // Nobody else had the lease before: an own Redis.
  const leaseTimes = { ...LEASE_TIMES, firstLookMs: 0 };
  return {
    config: parseConfig({ NODE_ENV: 'test', ...env }),
    log,
    shutdown: new Shutdown(log),
    clock: Date.now,
    metrics: null,
    leaseTimes,
  };
}

/** Asks again until the answer is right; the last answer stands in the error. */
export async function eventually<T>(ask: () => Promise<T> | T, isRight: (answer: T) => boolean, withinMs = 120_000): Promise<T> {
  const endMs = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > endMs) throw new Error(`not within ${withinMs} ms; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

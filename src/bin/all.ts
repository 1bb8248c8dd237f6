import type { Config } from '../config.ts';
import { startModbus } from './modbus.ts';
import { startPoller } from './poller.ts';
import { runRole } from './process.ts';
import { startScheduler } from './scheduler.ts';
import { startServer } from './server.ts';
import { startWorker } from './worker.ts';

/** All roles in one process, for a small machine. */
export function runAll(config: Config): Promise<void> {
  return runRole('wattbook', config, async (context) => {
    const starts = [startWorker, startPoller, startScheduler, startServer, ...(config.MODBUS_PORT === undefined ? [] : [startModbus])];
    for (const start of starts) await start(context);
  });
}

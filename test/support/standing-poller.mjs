// A poller process as it is shipped, with the times of its lease as the argument.
import { startPoller } from '../../dist/bin/poller.js';
import { runRole } from '../../dist/bin/process.js';
import { readConfig } from '../../dist/config.js';

const leaseTimes = JSON.parse(process.argv[2] ?? '{}');
await runRole('poller', readConfig(), (context) => startPoller({ ...context, leaseTimes }));

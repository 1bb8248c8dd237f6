import { measure } from '../metrics.ts';
import { listSerialPorts } from '../modbus/serial-ports.ts';
import { pollerQueue, readMeterPayload, readNowPayload, serialPortsPayload, testConnectionPayload } from '../queue/contract.ts';
import { makeCollectionLog } from '../queue/collections.ts';
import { publishHealth } from '../queue/health.ts';
import { collectReadingsPayload, scanLinePayload, tryModelPayload, writeRegistersPayload } from '../queue/line-contract.ts';
import { makeScanLog } from '../queue/scans.ts';
import { handler, openWorker } from '../queue/worker.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import { askedModels, findModel, toModel } from '../store/meter-models.ts';
import { makeReadNow, makeTestConnection, makeTryModel } from '../workers/ad-hoc.ts';
import { makeCollectReadings } from '../workers/collect-readings.ts';
import type { Gatherer } from '../workers/gather-outcomes.ts';
import { makeHealthBoard, type HealthBoard } from '../workers/health-board.ts';
import { LinePark } from '../workers/line-park.ts';
import { makeReadMeter } from '../workers/read-meter.ts';
import { makeRememberHoles } from '../workers/remember-holes.ts';
import { makeScanLine } from '../workers/scan-line.ts';
import type { Duty } from '../workers/stand-by.ts';
import { makeWriteRegisters } from '../workers/write-registers.ts';
import { note } from '../tracing.ts';
import type { Connections } from './connections.ts';
import type { ProcessContext } from './process.ts';

// As many jobs in flight as there are meters, and some for people who ask in between.
const AD_HOC_JOBS = 20;

interface DutyDeps extends Connections {
  fleet: FleetCache;
  outcomes: Gatherer;
  isHeld: () => boolean;
}

function measured(health: Pick<HealthBoard, 'record'>): Pick<HealthBoard, 'record'> {
  return {
    record(meterId, result) {
      health.record(meterId, result);
      measure('wattbook_reads_total', { result: result.ok ? 'ok' : result.reason }, 1);
      if (result.ok) measure('wattbook_read_duration_seconds', {}, result.latencyMs / 1_000);
    },
  };
}

/** What only one process of a name does: it opens the lines and takes jobs. */
export async function beginDuty({ config, log, clock }: ProcessContext, deps: DutyDeps): Promise<Duty> {
  const { database, redis, redisUrl, fleet, outcomes, isHeld } = deps;
  const lines = new LinePark({ poller: config.POLLER_NAME, clock, log, isOurs: isHeld });
  lines.apply(await fleet.current());
  const health = makeHealthBoard({ lines, publish: (news) => publishHealth(redis, news, clock()), clock, log });
  const rememberHoles = makeRememberHoles({ pool: database.pool, log });
  const readMeter = makeReadMeter({ fleet, lines, outcomes, rememberHoles, health: measured(health) });
  const readNow = makeReadNow({ fleet, lines, rememberHoles });
  const collectReadings = makeCollectReadings({ readNow, collections: makeCollectionLog(redis), log });
  const testConnection = makeTestConnection({ fleet, lines });
  const modelOf = async (id: number) => {
    const row = await findModel(database.prisma, id);
    return row === null ? null : toModel(row);
  };
  const tryModel = makeTryModel({ fleet, lines, findModel: modelOf });
  const writeRegisters = makeWriteRegisters({ fleet, lines, findModel: modelOf, clock });
  const scanLine = makeScanLine({ fleet, lines, scans: makeScanLog(redis), models: () => askedModels(database.prisma), clock });

  const worker = openWorker({
    queue: pollerQueue(config.POLLER_NAME),
    redisUrl,
    log,
    concurrency: lines.meters + AD_HOC_JOBS,
    kept: { completed: 200, failed: 500 },
    jobs: {
      'read-meter': handler(readMeterPayload, async (read) => {
        note({ 'wattbook.meter.id': read.meterId, 'wattbook.slot': new Date(read.slotMs).toISOString() });
        const answer = await readMeter(read);
        worker.setConcurrency(lines.meters + AD_HOC_JOBS);
        return answer;
      }),
      'read-now': handler(readNowPayload, readNow),
      'collect-readings': handler(collectReadingsPayload, collectReadings),
      'test-connection': handler(testConnectionPayload, testConnection),
      'try-model': handler(tryModelPayload, tryModel),
      'write-registers': handler(writeRegistersPayload, writeRegisters),
      'scan-line': handler(scanLinePayload, scanLine),
      'list-serial-ports': handler(serialPortsPayload, () => listSerialPorts()),
    },
  });
  return {
    async finish() {
      await worker.close();
      await lines.close();
      await health.close();
    },
    async drop() {
      const closing = worker.close();
      await lines.close();
      await health.close();
      await closing;
    },
  };
}

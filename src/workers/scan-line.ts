import { ModelSearch } from '../domain/guess-model.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import type { Probe, ProbeAnswer } from '../domain/model-probes.ts';
import type { Line } from '../modbus/line.ts';
import type { BlockReply } from '../modbus/modbus-client.ts';
import { probeUnit, type ReadFailure } from '../modbus/read-meter.ts';
import { listSunspecModels } from '../modbus/sunspec-chain.ts';
import type { FoundUnit, ScanLinePayload, ScanReport } from '../queue/line-contract.ts';
import type { Scan, ScanLog } from '../queue/scans.ts';
import type { FleetCache } from '../store/fleet-cache.ts';
import type { LinePark } from './line-park.ts';

export interface ScanLineDeps {
  fleet: FleetCache;
  lines: LinePark;
  scans: ScanLog;
  /** The device library as it is now. */
  models(): Promise<MeterModel[]>;
  clock: () => number;
}

type Asked = ProbeAnswer | { kind: 'gone'; failure: ReadFailure };

/** What ends a scan, whatever it was about to ask. */
function endOf({ reason, detail }: ReadFailure): ScanReport | null {
  if (reason === 'late') return { ended: 'too-late', detail };
  if (reason === 'line-down') return { ended: 'line-down', detail };
  if (reason === 'closed') return { ended: 'line-down', detail: 'the line was changed meanwhile' };
  return null;
}

/** Asks each unit id of a range in turn, and whoever answers for what model it is. Every question lets due readings go first. */
export function makeScanLine({ fleet, lines, scans, models, clock }: ScanLineDeps) {
  return async ({ scanId, lineId, from, to, deadlineMs }: ScanLinePayload): Promise<ScanReport> => {
    const found: FoundUnit[] = [];
    const tell = (state: Scan['state'], unitId: number, { ended, detail }: Partial<ScanReport> = {}) => {
      const progress = {
        unitId,
        done: state === 'ended' && ended === 'finished' ? to - from + 1 : unitId - from,
        of: to - from + 1,
        found,
      };
      return scans.tell({ scanId, lineId, from, to, state, toldMs: clock(), progress, ended: ended ?? null, detail: detail ?? '' });
    };
    const end = async (unitId: number, report: ScanReport): Promise<ScanReport> => {
      await tell('ended', unitId, report);
      return report;
    };

    lines.apply(await fleet.current());
    const line = lines.line(lineId);
    if (line === null) return end(from, { ended: 'not-here', detail: 'this poller does not own the line' });
    const library = await models();
    for (let unitId = from; unitId <= to; unitId += 1) {
      if (await scans.isCancelled(scanId)) return end(unitId, { ended: 'cancelled', detail: '' });
      await tell('running', unitId);
      // Once: who is not there would be waited for as often as the line retries.
      const answer = await line.run(deadlineMs, async (ask) => ({ ...(await probeUnit(ask, unitId, clock)), mayPass: false }));
      if (!answer.ok) {
        const report = endOf(answer);
        if (report !== null) return end(unitId, report);
        continue;
      }
      const unit: FoundUnit = { unitId, latencyMs: answer.latencyMs, guesses: [] };
      found.push(unit);
      const sunspec = await line.run<{ ok: true; ids: number[] | null }>(deadlineMs, async (ask) => ({
        result: { ok: true, ids: await listSunspecModels(ask, unitId, () => clock() >= deadlineMs) },
        mayPass: false,
      }));
      const search = new ModelSearch(library, { unitId, sunspec: sunspec.ok ? sunspec.ids : null });
      for (let probe = search.next(); probe !== null; probe = search.next()) {
        if (await scans.isCancelled(scanId)) return end(unitId, { ended: 'cancelled', detail: '' });
        const told = await askUnit(line, unitId, probe, deadlineMs);
        if (told.kind === 'gone') {
          unit.guesses = search.guesses();
          return end(unitId, endOf(told.failure) ?? { ended: 'line-down', detail: told.failure.detail });
        }
        search.add(told);
      }
      unit.guesses = search.guesses();
    }
    return end(to, { ended: 'finished', detail: '' });
  };
}

/** No answer is an answer here: a meter may keep silent about what it does not have. */
async function askUnit(line: Line, unitId: number, probe: Probe, deadlineMs: number): Promise<Asked> {
  const result = await line.run<{ ok: true; answer: ProbeAnswer }>(deadlineMs, async (ask) => {
    const reply = await ask({ unitId, ...probe });
    return { result: { ok: true, answer: answerOf(probe, reply) }, mayPass: false };
  });
  return result.ok ? result.answer : { kind: 'gone', failure: result };
}

function answerOf(probe: Probe, reply: BlockReply): ProbeAnswer {
  if (reply.ok) return { ...probe, kind: 'words', words: reply.words };
  return reply.reason === 'refused' ? { ...probe, kind: 'refused', exception: reply.exception } : { ...probe, kind: 'silence' };
}

import { z } from 'zod';
import { reach, type Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { Conflict, InvalidInput, NotFound } from '../errors.ts';
import type { FoundUnit } from '../queue/line-contract.ts';
import type { Scan, Scans } from '../queue/scans.ts';
import { recordActivity } from '../store/activities.ts';
import { runningOnLine } from '../store/installations.ts';
import type { Deps } from './access.ts';
import { idField, parseInput, wholeField } from './input.ts';
import { controlledLine } from './line-control.ts';

const MOST_MS = 1_800_000;
/** For each unit besides its time-out: the questions that tell its model, or readings that go first. */
const PER_UNIT_MS = 1_000;
const LEAST_MS = 60_000;
/** So long after its last word a scan counts as lost. */
const LOST_MS = 90_000;

export const scanInput = z.strictObject({ from: wholeField(1, 247).default(1), to: wholeField(1, 247).default(247) });
const whole = scanInput.extend({ lineId: idField });

export type ScanDeps = Deps & { scans: Scans };

/** A unit that answered, and which meter is known to be there. */
export type Finding = FoundUnit & { meter: { id: number; serial: string } | null };

export interface ShownScan {
  id: string;
  lineId: number;
  from: number;
  to: number;
  state: Scan['state'] | 'lost';
  ended: Scan['ended'];
  detail: string;
  unitId: number;
  done: number;
  of: number;
  found: Finding[];
}

/** Asks a range of unit ids on a line who is there; goes on in the poller, to be followed by its id. */
export async function startScan(deps: ScanDeps, actor: Actor, input: z.input<typeof whole>): Promise<ShownScan> {
  const { lineId, from, to } = parseInput(whole, input);
  if (to < from) throw new InvalidInput({ to: say('scanBackwards', from) });
  const line = await controlledLine(deps, actor, lineId);
  const latest = await deps.scans.latest(lineId);
  if (latest !== null && latest.state !== 'ended' && !isLost(latest, deps.clock())) {
    throw new Conflict(say('scannedAlready', line.name, latest.from, latest.to));
  }
  const budgetMs = LEAST_MS + (to - from + 1) * (line.timeoutMs + PER_UNIT_MS);
  const scan = await deps.scans.start(line.poller, { lineId, from, to, deadlineMs: deps.clock() + Math.min(MOST_MS, budgetMs) });
  await recordActivity(deps.database.prisma, actor, {
    action: 'scan-line',
    subject: `line-${lineId}`,
    detail: `unit ids ${from} to ${to}`,
  });
  return show(deps, actor, scan);
}

/** How far a scan is and whom it found. */
export async function findScan(deps: ScanDeps, actor: Actor, { lineId, scanId }: { lineId: number; scanId: string }): Promise<ShownScan> {
  return show(deps, actor, await wanted(deps, actor, { lineId, scanId }));
}

/** Null: none was made, or it is forgotten. */
export async function findLastScan(deps: ScanDeps, actor: Actor, { lineId }: { lineId: number }): Promise<ShownScan | null> {
  await controlledLine(deps, actor, lineId);
  const scan = await deps.scans.latest(lineId);
  return scan === null ? null : show(deps, actor, scan);
}

/** It ends before its next question; what it found stays. */
export async function cancelScan(deps: ScanDeps, actor: Actor, { lineId, scanId }: { lineId: number; scanId: string }): Promise<void> {
  const scan = await wanted(deps, actor, { lineId, scanId });
  await deps.scans.cancel(scan.scanId);
}

async function wanted(deps: ScanDeps, actor: Actor, { lineId, scanId }: { lineId: number; scanId: string }): Promise<Scan> {
  await controlledLine(deps, actor, lineId);
  const scan = await deps.scans.find(scanId);
  if (scan === null || scan.lineId !== lineId) throw new NotFound('This scan');
  return scan;
}

function isLost({ state, toldMs }: Scan, nowMs: number): boolean {
  return state === 'running' && nowMs - toldMs > LOST_MS;
}

async function show({ database, clock }: ScanDeps, actor: Actor, scan: Scan): Promise<ShownScan> {
  const { scanId: id, lineId, from, to, ended, detail, progress } = scan;
  const known = new Map((await runningOnLine(database.prisma, reach(actor, 'meter:read'), lineId)).map((one) => [one.unitId, one.meter]));
  const found = progress.found.map((unit) => ({ ...unit, meter: known.get(unit.unitId) ?? null }));
  const state = isLost(scan, clock()) ? 'lost' : scan.state;
  return { id, lineId, from, to, state, ended, detail, unitId: progress.unitId, done: progress.done, of: progress.of, found };
}

import { z } from 'zod';
import type { Outcome } from '../domain/outcome.ts';

const id = z.number().int().positive();
const epochMs = z.number().int().nonnegative();

/** The queues and what their jobs carry. It knows no handler; a job without one is a compile error in `bin/`. */
export const TICK_QUEUE = 'ticks';
export const STORE_QUEUE = 'store-readings';
export const MAIL_QUEUE = 'send-mail';
export const BILL_QUEUE = 'bill-runs';
export const REPORT_QUEUE = 'reports';
export const IMPORT_QUEUE = 'imports';
/** Other programs add to it: jobs `values` with one measured value or an array of them. */
export const INGEST_QUEUE = 'ingest';
/** What receivers outside are told. */
export const WEBHOOK_QUEUE = 'webhooks';
export const SETTLE_QUEUE = 'settle';
export const MAINTENANCE_QUEUE = 'maintenance';
/** All but those of the pollers. */
export const SHARED_QUEUES: readonly string[] = [
  TICK_QUEUE,
  STORE_QUEUE,
  MAIL_QUEUE,
  BILL_QUEUE,
  REPORT_QUEUE,
  IMPORT_QUEUE,
  INGEST_QUEUE,
  SETTLE_QUEUE,
  MAINTENANCE_QUEUE,
];
const POLLER = 'poller-';

/** The jobs of the poller of that name: everything that touches a line. */
export function pollerQueue(poller: string): string {
  return `${POLLER}${poller}`;
}

export function isPollerQueue(name: string): boolean {
  return name.startsWith(POLLER);
}

/** Adds a `read-meter` job for each meter of the cadence that is due. */
export const tickPayload = z.object({ cadence: z.string() });
export type TickPayload = z.output<typeof tickPayload>;

/** Reads one meter for one slot, or records why not. `fleet` tells the poller when its picture is stale. */
export const readMeterPayload = z.object({
  meterId: id,
  slotMs: epochMs,
  nextSlotMs: epochMs,
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type ReadMeterPayload = z.output<typeof readMeterPayload>;

/** Reads a meter at once for a person, the standard quantities or those that are named; answers `ReadNowReply`. */
export const readNowPayload = z.object({
  meterId: id,
  quantities: z.array(z.string()).optional(),
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type ReadNowPayload = z.output<typeof readNowPayload>;

export interface RawBlock {
  function: number;
  address: number;
  words: number[];
}

export type ReadNowReply =
  | {
      ok: true;
      takenAt: string;
      latencyMs: number;
      values: Record<string, number>;
      refused: Record<string, { reason: string; words: number[] }>;
      blocks: RawBlock[];
    }
  | { ok: false; reason: string; detail: string; latencyMs: number };

/** Opens a connection to a line's device and asks one register; answers `TestConnectionReply`. */
export const testConnectionPayload = z.object({
  lineId: id,
  unitId: z.number().int().min(1).max(247),
  deadlineMs: epochMs,
  fleet: z.string(),
});
export type TestConnectionPayload = z.output<typeof testConnectionPayload>;

export type TestConnectionReply =
  | { ok: true; latencyMs: number; detail: string }
  | { ok: false; reason: string; detail: string; latencyMs: number };

/** The serial ports of the poller's machine; answers `SerialPortsReply`. */
export const serialPortsPayload = z.object({ deadlineMs: epochMs });
export type SerialPortsPayload = z.output<typeof serialPortsPayload>;

export type SerialPortsReply = { path: string; detail: string }[];

/** What was read while the database was away; only our own pollers write it. */
export const storePayload = z.object({
  outcomes: z.array(z.custom<Outcome>((value) => typeof value === 'object' && value !== null && 'kind' in value)),
});
export type StorePayload = z.output<typeof storePayload>;

/** Makes the bills of a run. */
export const runBillsPayload = z.object({ runId: id });
export type RunBillsPayload = z.output<typeof runBillsPayload>;

/** Makes the file of a report. */
export const makeReportPayload = z.object({ reportId: id });
export type MakeReportPayload = z.output<typeof makeReportPayload>;
/** Looks through a file of old data, or stores it: its state says which. */
export const runImportPayload = z.object({ importId: id });
export type RunImportPayload = z.output<typeof runImportPayload>;

/** Mails one row of the outbox. */
export const sendMailPayload = z.object({ outboxId: id });
export type SendMailPayload = z.output<typeof sendMailPayload>;

/** One attempt at a delivery of a webhook. */
export const deliverPayload = z.object({ deliveryId: id });
export type DeliverPayload = z.output<typeof deliverPayload>;

/** Looks whether somebody has this address, and mails a link if so: whoever asked cannot tell by the time it took. */
export const resetPasswordPayload = z.object({ email: z.string() });
export type ResetPasswordPayload = z.output<typeof resetPasswordPayload>;

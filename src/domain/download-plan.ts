import type { FlatOfBuilding, SplitSetting } from './building-energy.ts';
import type { MainFlow } from './energy-flow.ts';
import type { Span } from './gap.ts';
import type { Quantity } from './quantity.ts';
import type { Column } from './table.ts';

/** A time in which the clocks are the same distance from UTC, with how that is written. */
export interface ShownSpan extends Span {
  offsetMs: number;
  offset: string;
}

/** Days of the building's clocks, the last one not included. */
export interface DaySpan {
  from: string;
  to: string;
}

export interface FlowPart {
  pointId: number;
  flow: MainFlow;
  /** The first cells of each row. */
  head: [flat: string, point: string, flow: string];
}

export interface MeterPart {
  meterId: number;
  serial: string;
  span: ShownSpan;
}

export type DownloadBucket = 'quarter' | 'hour' | 'day' | 'month';

export interface SplitSource {
  kind: 'split';
  bucket: DownloadBucket;
  /** In whose clocks times are written. */
  zone: string;
  /** Of the building: its months are split. */
  buildingZone: string;
  span: Span;
  months: Span[];
  setting: SplitSetting;
  flats: FlatOfBuilding[];
  points: { id: number; name: string; flatId: number }[];
  /** The flats that are shown, and when they may be seen; null: all the time. */
  shown: { flatId: number; sight: Span[] | null }[];
}

/** What is read, piece after piece. Whoever reads it asks nobody for rights: what is in it is allowed. */
export type DownloadSource =
  | { kind: 'readings'; quantities: readonly Quantity[]; pieces: MeterPart[] }
  | { kind: 'quarter' | 'hour'; pieces: (FlowPart & { span: ShownSpan })[] }
  | { kind: 'day' | 'month'; pieces: (FlowPart & { days: DaySpan })[] }
  | SplitSource
  | { kind: 'bills'; ids: number[]; zone: string };

/** Plain data, for it is carried out in another process. */
export interface DownloadPlan {
  buildingId: number;
  /** Without ending, such as `wattbook-readings-Linden Court-2026-01-01`. */
  name: string;
  /** For the activity, such as `Linden Court: readings of 3 meters from … to …`. */
  detail: string;
  columns: Column[];
  source: DownloadSource;
}

/** A part of a plan, with what it is about, such as `readings of 3 meters`. */
export type PlannedTable = Pick<DownloadPlan, 'columns' | 'source'> & { what: string };

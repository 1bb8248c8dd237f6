interface Measure {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: readonly string[];
  buckets?: readonly number[];
}

const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const READ_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const JOB_BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800];
const LATENESS_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 86_400];
const SIZE_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** What a process counts of its own work. A label takes few values: never a meter, a host or anything else without an end. */
export const MEASURES = {
  http_request_duration_seconds: {
    kind: 'histogram',
    help: 'How long requests took, by declared route',
    labels: ['method', 'route', 'status_code'],
    buckets: REQUEST_BUCKETS,
  },
  wattbook_job_duration_seconds: {
    kind: 'histogram',
    help: 'How long jobs took, by queue, job and result: completed, or failed',
    labels: ['queue', 'job', 'result'],
    buckets: JOB_BUCKETS,
  },
  wattbook_tick_lateness_seconds: {
    kind: 'gauge',
    help: 'How long after its planned instant the last tick of a cadence began',
    labels: ['cadence'],
  },
  wattbook_reads_total: { kind: 'counter', help: 'Meters asked for a slot, by result: ok, or why there was no answer', labels: ['result'] },
  wattbook_read_duration_seconds: {
    kind: 'histogram',
    help: 'From the first request to the last reply of a meter that answered',
    labels: [],
    buckets: READ_BUCKETS,
  },
  wattbook_outcomes_total: {
    kind: 'counter',
    help: 'What came of slots, once it is committed: a reading, or the reason of the gap; a long absence counts once',
    labels: ['outcome'],
  },
  wattbook_reading_lateness_seconds: {
    kind: 'histogram',
    help: 'From the moment that a reading stands for to its commit',
    labels: [],
    buckets: LATENESS_BUCKETS,
  },
  wattbook_batch_items: {
    kind: 'histogram',
    help: 'How many outcomes or messages were committed at once',
    labels: ['of'],
    buckets: SIZE_BUCKETS,
  },
  wattbook_batch_commit_duration_seconds: {
    kind: 'histogram',
    help: 'How long a batch of outcomes or messages took to be committed',
    labels: ['of'],
    buckets: COMMIT_BUCKETS,
  },
  wattbook_messages_total: {
    kind: 'counter',
    help: 'Pushed messages by what became of them; a refused one by its reason',
    labels: ['state', 'reason'],
  },
  wattbook_trace_spans_dropped_total: { kind: 'counter', help: 'Spans of traces that did not reach their collector', labels: [] },
} as const satisfies Record<`${string}_${'seconds' | 'bytes' | 'total' | 'items'}`, Measure>;

export type MeasureName = keyof typeof MEASURES;
type Labels<Name extends MeasureName> = Record<(typeof MEASURES)[Name]['labels'][number], string>;

export type Sink = (name: MeasureName, labels: Record<string, string>, value: number) => void;

// Nobody may ever come and look: then nothing is kept.
let sink: Sink | null = null;

/** From now on that one is told, and no other. */
export function measureInto(into: Sink | null): void {
  sink = into;
}

/** Adds to a counter, sets a gauge, observes in a histogram. */
export function measure<Name extends MeasureName>(name: Name, labels: Labels<Name>, value: number): void {
  sink?.(name, labels, value);
}

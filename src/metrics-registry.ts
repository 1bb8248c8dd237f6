import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { MEASURES, measureInto, type MeasureName, type Sink } from './metrics.ts';

export interface Metrics {
  registry: Registry;
  close(): void;
}

function makeInstrument(name: MeasureName, registry: Registry): (labels: Record<string, string>, value: number) => void {
  const spec = MEASURES[name];
  const common = { name, help: spec.help, labelNames: [...spec.labels], registers: [registry] };
  if (spec.kind === 'counter') {
    const counter = new Counter<string>(common);
    return (labels, value) => counter.inc(labels, value);
  }
  if (spec.kind === 'gauge') {
    const gauge = new Gauge<string>(common);
    return (labels, value) => gauge.set(labels, value);
  }
  const histogram = new Histogram<string>({ ...common, buckets: [...spec.buckets] });
  return (labels, value) => histogram.observe(labels, value);
}

/** Loaded only by a process that is asked: from now on it keeps what is measured. */
export function openMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'wattbook_build_info',
    help: 'Always 1: which version runs, on which Node',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
  const instruments = new Map((Object.keys(MEASURES) as MeasureName[]).map((name) => [name, makeInstrument(name, registry)]));
  const sink: Sink = (name, labels, value) => instruments.get(name)?.(labels, value);
  measureInto(sink);
  return {
    registry,
    close() {
      measureInto(null);
      registry.clear();
    },
  };
}

import { knownMetric } from './emdc-metric.ts';
import { extraName } from './extra-name.ts';
import { sampleColumn, type SampleColumn } from './sample-value.ts';

/** A topic of VOLTTRON's: the prefix is that of a panel, the rest the metric. */
export interface EmdcTopic extends SampleColumn {
  prefix: string;
  metric: string;
}

const UNITS: Record<string, string> = { w: 'W', kw: 'kW', va: 'VA', kva: 'kVA', var: 'var', kvar: 'kvar', v: 'V', a: 'A', hz: 'Hz' };

/** Null where the name has no prefix. Without a unit in `meta` it is the one that the name means. */
export function parseTopic(name: string, unit: string): EmdcTopic | null {
  const slash = name.lastIndexOf('/');
  const [prefix, metric] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  if (prefix === '' || metric === '') return null;
  const known = knownMetric(metric);
  if (known === null) return { prefix, metric, quantity: extraName(metric), factor: 1 };
  return { prefix, metric, ...sampleColumn(known.quantity, UNITS[unit.trim().toLowerCase()] ?? known.unit) };
}

/** `units` of a row of `meta`. */
export function unitsIn(metadata: string): string {
  try {
    const { units } = JSON.parse(metadata) as { units?: unknown };
    return typeof units === 'string' ? units : '';
  } catch {
    return '';
  }
}

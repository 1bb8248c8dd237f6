import { readFileSync } from 'node:fs';

/** The files were made with another implementation of the time zones, Python's zoneinfo. */
export const GOLDEN_ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Chatham',
] as const;

export interface GoldenBucket {
  bucket: string;
  fromMs: number;
  toMs: number;
  slots: number;
  wh: number;
}

const QUARTER_MS = 15 * 60_000;
export const goldenWh = (slotMs: number) => ((slotMs / QUARTER_MS) * 7_919) % 1_000;

/** Hours and days around both switches of 2026, its months, and its billing months from the 15th. */
export function goldenBuckets(zone: string): GoldenBucket[] {
  const lines = readFileSync(`test/fixtures/energy-buckets/${zone.replaceAll('/', '-')}.csv`, 'utf8')
    .trim()
    .split('\n');
  return lines.slice(1).map((line) => {
    const [bucket, from, to, slots, wh] = line.split(',');
    return { bucket: bucket!, fromMs: Date.parse(from!), toMs: Date.parse(to!), slots: Number(slots), wh: Number(wh) };
  });
}

/** Days that follow each other, as spans. */
export function goldenDays(golden: readonly GoldenBucket[]): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of golden.filter(({ bucket }) => bucket === 'day')) {
    const last = spans.at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else spans.push({ fromMs, toMs });
  }
  return spans;
}

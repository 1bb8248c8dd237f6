import { stretches } from './time-bucket.ts';

/** How far the clocks of a zone are from UTC at a moment. */
export function offsetAt(ms: number, zone: string): number {
  return stretches({ fromMs: ms, toMs: ms + 1 }, zone)[0]?.offsetMs ?? 0;
}

/** Such as `+05:45`. */
export function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** What the clocks of a zone show: `2026-03-29 03:15:00`. */
export function localStamp(ms: number, zone: string): string {
  return new Date(ms + offsetAt(ms, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

/** ISO 8601 with the offset of the zone: `2026-03-29T03:15:00+02:00`. */
export function isoLocal(ms: number, zone: string): string {
  const offsetMs = offsetAt(ms, zone);
  return `${new Date(ms + offsetMs).toISOString().slice(0, 19)}${offsetText(offsetMs)}`;
}

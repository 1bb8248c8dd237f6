import { kindOf, type CorrectionRow } from '../store/corrections.ts';

function kwh(wh: bigint | null): string {
  return `${(Number(wh) / 1_000).toFixed(3)} kWh`;
}

/** What a correction says, such as `the reading of meter 4711 for 1 Mar 2026, 12:00 is not used`. */
export function correctionSentence(row: Pick<CorrectionRow, 'kind' | 'at' | 'wh' | 'direction' | 'meter'>, zone: string): string {
  const at = row.at.toLocaleString('en-GB', { timeZone: zone, dateStyle: 'medium', timeStyle: 'short' });
  const serial = row.meter?.serial ?? '';
  switch (kindOf(row)) {
    case 'exclude-reading':
      return `The reading of meter ${serial} for ${at} is not used`;
    case 'set-counter':
      return `The ${row.direction} counter of meter ${serial} stood at ${kwh(row.wh)} on ${at}`;
    case 'override-interval':
      return `The ${row.direction} of the quarter hour from ${at} is ${kwh(row.wh)}`;
  }
}

export interface Energy {
  wh: number | null;
  quality: string | null;
  method: string;
}

export interface DayReading {
  meterId: number;
  serial: string;
  at: string;
  clock: string;
  importWh: number | null;
  exportWh: number | null;
  excluded: boolean;
}

export interface DaySlot {
  slot: string;
  /** In the zone of the building. */
  clock: string;
  over: boolean;
  import: Energy | null;
  export: Energy | null;
  readings: DayReading[];
}

export interface Said {
  id: number;
  sentence: string;
  made: string;
  undone: string | null;
}

export interface CorrectionDay {
  point: { id: number; name: string };
  zone: string;
  day: string;
  hasMeter: boolean;
  pending: boolean;
  slots: DaySlot[];
  corrections: Said[];
}

export function kwh(wh: number | null | undefined): string {
  return wh === null || wh === undefined
    ? '–'
    : (wh / 1_000).toLocaleString('en-GB', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

/** kWh as a person writes them, with a comma or a point; null is no number. */
export function whOf(text: string): number | null {
  return /^\d{1,12}([.,]\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(',', '.')) * 1_000) : null;
}

export function energyText(energy: Energy | null): string {
  if (energy === null) return 'nothing';
  const how = energy.method === 'correction' ? 'corrected' : (energy.quality ?? '');
  return energy.wh === null ? how : `${kwh(energy.wh)} kWh, ${how}`;
}

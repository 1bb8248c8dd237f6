import type { BillLine } from './bill.ts';

/** Every text of a bill; another language is another object of this shape. */
export interface BillWords {
  /** How its numbers and days are written. */
  locale: string;
  title: string;
  corrects(number: number): string;
  draft: string;
  number: string;
  date: string;
  period: string;
  flat: string;
  building: string;
  party: string;
  item: string;
  quantity: string;
  price: string;
  amount: string;
  vatRate: string;
  tariff(name: string, from: string, to: string): string;
  base: string;
  grid: string;
  own(producer: string): string;
  /** Of one, and of any other number. */
  units: Record<'kWh' | 'month' | 'day', readonly [string, string]>;
  per: { kWh: string; month: string; day: string };
  net: string;
  vat(rate: string): string;
  sum: string;
  billed(number: number): string;
  due: string;
  credit: string;
  energy: string;
  used: string;
  fromGrid: string;
  fromOwn: string;
  ownShare(percent: string): string;
  estimated(energy: string, percent: string): string;
  measured: string;
  missing(count: string): string;
  missingProduction(count: string): string;
  meters: string;
  meter: string;
  atStart: string;
  atEnd: string;
  counted: string;
  unknown: string;
  byDay: string;
  byMonth: string;
  page(page: number, pages: number): string;
  /** Of a spreadsheet. */
  sheets: { bill: string; bills: string; lines: string; meters: string; days: string };
  state: string;
  states: { open: string; issued: string };
  kinds: { base: string; grid: string; own: string };
  kind: string;
  label: string;
  unit: string;
  from: string;
  to: string;
  total: string;
  estimatedKwh: string;
  missingSlots: string;
  day: string;
  fileName: string;
}

const en: BillWords = {
  locale: 'en-GB',
  title: 'Electricity bill',
  corrects: (number) => `Corrects bill no. ${number}`,
  draft: 'Draft, not issued',
  number: 'Bill no.',
  date: 'Date',
  period: 'Period',
  flat: 'Flat',
  building: 'Building',
  party: 'Party',
  item: 'Item',
  quantity: 'Quantity',
  price: 'Price',
  amount: 'Net',
  vatRate: 'VAT',
  tariff: (name, from, to) => `Tariff ${name}, ${from} to ${to}`,
  base: 'Base price',
  grid: 'Electricity from the grid',
  own: (producer) => `Own production: ${producer}`,
  units: { kWh: ['kWh', 'kWh'], month: ['month', 'months'], day: ['day', 'days'] },
  per: { kWh: 'per kWh', month: 'per month', day: 'per day' },
  net: 'Net',
  vat: (rate) => `VAT ${rate}`,
  sum: 'Total for the period',
  billed: (number) => `Less what was billed up to bill no. ${number}`,
  due: 'To pay',
  credit: 'To your credit',
  energy: 'Your electricity',
  used: 'Used in all',
  fromGrid: 'From the grid',
  fromOwn: 'From the building’s own production',
  ownShare: (percent) => `${percent} of your electricity came from the building’s own production.`,
  estimated: (energy, percent) =>
    `${energy}, ${percent} of your consumption, rest on an estimate: a meter was not read for some time. What it counted meanwhile is known, and was spread over that time.`,
  measured: 'All of your consumption was measured; nothing of it was estimated.',
  missing: (count) => `For ${count} quarter hours your consumption is not known. They are not billed here.`,
  missingProduction: (count) => `For ${count} quarter hours the own production is not known. They are billed as electricity from the grid.`,
  meters: 'Meter readings',
  meter: 'Meter',
  atStart: 'At the beginning',
  atEnd: 'At the end',
  counted: 'Counted',
  unknown: 'not read',
  byDay: 'Your electricity by the day, in kWh',
  byMonth: 'Your electricity by the month, in kWh',
  page: (page, pages) => `Page ${page} of ${pages}`,
  sheets: { bill: 'Bill', bills: 'Bills', lines: 'Lines', meters: 'Meters', days: 'Days' },
  state: 'State',
  states: { open: 'open', issued: 'issued' },
  kinds: { base: 'base price', grid: 'grid', own: 'own production' },
  kind: 'Kind',
  label: 'Band or producer',
  unit: 'Unit',
  from: 'From',
  to: 'To',
  total: 'Total',
  estimatedKwh: 'Estimated kWh',
  missingSlots: 'Quarter hours not known',
  day: 'Day',
  fileName: 'bill',
};

const de: BillWords = {
  locale: 'de-DE',
  title: 'Stromrechnung',
  corrects: (number) => `Berichtigung der Rechnung Nr. ${number}`,
  draft: 'Entwurf, nicht ausgestellt',
  number: 'Rechnung Nr.',
  date: 'Datum',
  period: 'Zeitraum',
  flat: 'Wohnung',
  building: 'Gebäude',
  party: 'Partei',
  item: 'Position',
  quantity: 'Menge',
  price: 'Preis',
  amount: 'Netto',
  vatRate: 'USt.',
  tariff: (name, from, to) => `Tarif ${name}, ${from} bis ${to}`,
  base: 'Grundpreis',
  grid: 'Strom aus dem Netz',
  own: (producer) => `Eigene Erzeugung: ${producer}`,
  units: { kWh: ['kWh', 'kWh'], month: ['Monat', 'Monate'], day: ['Tag', 'Tage'] },
  per: { kWh: 'je kWh', month: 'je Monat', day: 'je Tag' },
  net: 'Netto',
  vat: (rate) => `Umsatzsteuer ${rate}`,
  sum: 'Summe für den Zeitraum',
  billed: (number) => `Abzüglich des bis Rechnung Nr. ${number} Berechneten`,
  due: 'Zu zahlen',
  credit: 'Ihr Guthaben',
  energy: 'Ihr Strom',
  used: 'Insgesamt verbraucht',
  fromGrid: 'Aus dem Netz',
  fromOwn: 'Aus der eigenen Erzeugung des Gebäudes',
  ownShare: (percent) => `${percent} Ihres Stroms kamen aus der eigenen Erzeugung des Gebäudes.`,
  estimated: (energy, percent) =>
    `${energy}, das sind ${percent} Ihres Verbrauchs, beruhen auf einer Schätzung: Ein Zähler wurde zeitweise nicht abgelesen. Was er in dieser Zeit gezählt hat, ist bekannt und wurde auf sie verteilt.`,
  measured: 'Ihr Verbrauch wurde vollständig gemessen; nichts davon ist geschätzt.',
  missing: (count) => `Für ${count} Viertelstunden ist Ihr Verbrauch nicht bekannt. Sie sind hier nicht berechnet.`,
  missingProduction: (count) =>
    `Für ${count} Viertelstunden ist die eigene Erzeugung nicht bekannt. Sie sind als Strom aus dem Netz berechnet.`,
  meters: 'Zählerstände',
  meter: 'Zähler',
  atStart: 'Zu Beginn',
  atEnd: 'Am Ende',
  counted: 'Gezählt',
  unknown: 'nicht abgelesen',
  byDay: 'Ihr Strom nach Tagen, in kWh',
  byMonth: 'Ihr Strom nach Monaten, in kWh',
  page: (page, pages) => `Seite ${page} von ${pages}`,
  sheets: { bill: 'Rechnung', bills: 'Rechnungen', lines: 'Positionen', meters: 'Zähler', days: 'Tage' },
  state: 'Stand',
  states: { open: 'offen', issued: 'ausgestellt' },
  kinds: { base: 'Grundpreis', grid: 'Netz', own: 'Eigene Erzeugung' },
  kind: 'Art',
  label: 'Zeitband oder Erzeuger',
  unit: 'Einheit',
  from: 'Von',
  to: 'Bis',
  total: 'Summe',
  estimatedKwh: 'Geschätzte kWh',
  missingSlots: 'Viertelstunden unbekannt',
  day: 'Tag',
  fileName: 'rechnung',
};

const LANGUAGES: Record<string, BillWords> = { en, de };

/** English where there is no other. */
export function billWords(language: string): BillWords {
  return LANGUAGES[language.toLowerCase().split('-')[0] ?? ''] ?? en;
}

const ONE = 1_000_000n;

export function unitOf({ units }: BillWords, { unit, quantity }: Pick<BillLine, 'unit' | 'quantity'>): string {
  return units[unit][quantity === ONE ? 0 : 1];
}

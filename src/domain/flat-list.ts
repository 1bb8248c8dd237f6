import type { FlatKind } from './building-flow.ts';
import { parseCsvText, type CsvRow } from './csv-text.ts';

/** What is wrong with a line of the list; `other` is the line that has the same name. */
export type FlatProblem =
  | { kind: 'no-name' | 'long-name' | 'exists' }
  | { kind: 'twice'; other: number }
  | { kind: 'area' | 'flat-kind'; cell: string }
  | { kind: 'quotes' };

export interface ListedFlat {
  line: number;
  name: string;
  kind: FlatKind;
  areaM2: number | null;
  problems: FlatProblem[];
}

const LONGEST_NAME = 80;
const MOST_M2 = 100_000;

const COLUMNS = {
  name: ['name', 'flat', 'unit', 'apartment', 'wohnung', 'einheit', 'bezeichnung', 'nome', 'appartamento', 'unita'],
  areaM2: ['area', 'm2', 'sqm', 'size', 'flache', 'wohnflache', 'grosse', 'superficie', 'mq'],
  kind: ['kind', 'type', 'art', 'typ', 'tipo'],
} as const;
type Column = keyof typeof COLUMNS;

const KINDS: Readonly<Record<FlatKind, readonly string[]>> = {
  consumer: ['consumer', 'flat', 'apartment', 'verbraucher', 'wohnung', 'appartamento', 'utenza'],
  producer: ['producer', 'pv', 'solar', 'photovoltaic', 'chp', 'erzeuger', 'photovoltaik', 'bhkw', 'produttore', 'fotovoltaico'],
  common: ['common', 'common area', 'staircase', 'allgemein', 'allgemeinstrom', 'treppenhaus', 'comune', 'parti comuni', 'scale'],
  grid: ['grid', 'main meter', 'netz', 'netzanschluss', 'hauptzahler', 'rete', 'contatore generale'],
  storage: ['storage', 'battery', 'speicher', 'batterie', 'accumulo', 'batteria'],
  ev: ['ev', 'charging', 'wallbox', 'ladestation', 'ladepunkt', 'ricarica', 'colonnina'],
};

/** As the database compares names: without case and accents. */
export function flatNameKey(name: string): string {
  return name.trim().normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
}

const wordOf = (cell: string): string => flatNameKey(cell.replaceAll(/[\s_]+/g, ' ').replace(/\s*[([].*[)\]]\s*$/, ''));

function columnOf(cell: string): Column | null {
  const word = wordOf(cell);
  const found = (Object.keys(COLUMNS) as Column[]).find((column) => (COLUMNS[column] as readonly string[]).includes(word));
  return found ?? null;
}

function kindOf(cell: string): FlatKind | null {
  const word = wordOf(cell);
  return (Object.keys(KINDS) as FlatKind[]).find((kind) => KINDS[kind].includes(word)) ?? null;
}

/** `62.5` and `62,5`, with or without m²; what could be thousands is no number here. */
function areaOf(cell: string): number | null {
  const text = cell.trim().replace(/\s*(m²|m2|qm|mq|sqm)$/i, '');
  if (!/^\d{1,6}([.,]\d{1,2})?$/.test(text)) return null;
  const area = Number(text.replace(',', '.'));
  return area > 0 && area <= MOST_M2 ? area : null;
}

/** A comma divides only where the first line shows a table: a name may hold one. */
function delimiterOf(text: string): string | null {
  if (text.includes('\t')) return '\t';
  if (text.includes(';')) return ';';
  const cells = (text.split('\n').find((line) => line.trim() !== '') ?? '').split(',');
  if (cells.length < 2) return null;
  return cells.map(columnOf).includes('name') || areaOf(cells[1] ?? '') !== null ? ',' : null;
}

function rowsOf(text: string): CsvRow[] | number {
  const delimiter = delimiterOf(text);
  if (delimiter === null) return text.split('\n').map((cell, index) => ({ line: index + 1, cells: [cell] }));
  const parsed = parseCsvText(text, 1, delimiter);
  return parsed.ok ? parsed.rows : parsed.line;
}

function columnsOf(rows: readonly CsvRow[]): { columns: (Column | null)[]; isHeaded: boolean } {
  const head = rows[0]?.cells.map(columnOf) ?? [];
  const isHeaded = head.includes('name') && (head.length === 1 || head.filter((column) => column !== null).length > 1);
  return isHeaded ? { columns: head, isHeaded } : { columns: ['name', 'areaM2', 'kind'], isHeaded };
}

/** Flats as people have them: a name per line, or a table pasted from a spreadsheet or of a CSV file; each line with what is wrong with it. */
export function readFlatList(text: string, taken: readonly string[]): ListedFlat[] {
  const rows = rowsOf(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  if (typeof rows === 'number') return [{ line: rows, name: '', kind: 'consumer', areaM2: null, problems: [{ kind: 'quotes' }] }];
  const full = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const { columns, isHeaded } = columnsOf(full);
  const takenKeys = new Set(taken.map(flatNameKey));
  const lines = new Map<string, number>();
  return full.slice(isHeaded ? 1 : 0).map(({ line, cells }) => {
    const cell = (column: Column) => (cells[columns.indexOf(column)] ?? '').trim();
    const name = cell('name').replaceAll(/\s+/g, ' ');
    const key = flatNameKey(name);
    const areaM2 = cell('areaM2') === '' ? null : areaOf(cell('areaM2'));
    const kind = cell('kind') === '' ? 'consumer' : kindOf(cell('kind'));
    const other = lines.get(key);
    const problems: FlatProblem[] = [];
    if (name === '') problems.push({ kind: 'no-name' });
    else if (name.length > LONGEST_NAME) problems.push({ kind: 'long-name' });
    else if (takenKeys.has(key)) problems.push({ kind: 'exists' });
    else if (other !== undefined) problems.push({ kind: 'twice', other });
    if (other === undefined) lines.set(key, line);
    if (cell('areaM2') !== '' && areaM2 === null) problems.push({ kind: 'area', cell: cell('areaM2') });
    if (kind === null) problems.push({ kind: 'flat-kind', cell: cell('kind') });
    return { line, name, areaM2, kind: kind ?? 'consumer', problems };
  });
}

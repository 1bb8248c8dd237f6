import type { OddCell } from '../domain/cell-table.ts';
import { attribute, unescapeXml, xmlTags } from './xml-tags.ts';

export interface SheetLimits {
  sheets: number;
  rows: number;
  columns: number;
  cells: number;
}

/** By row number, then by place in the row. */
export type OddCells = ReadonlyMap<number, Readonly<Record<number, OddCell>>>;

export interface InspectedSheet {
  name: string;
  odd: OddCells;
}

export type Inspected = { ok: true; sheets: InspectedSheet[] } | { ok: false; problem: string };

/** What the reader of values does not tell: formulas, and sheets so large or so torn that it must not begin. */
export function inspectWorkbook(files: ReadonlyMap<string, Buffer>, limits: SheetLimits): Inspected {
  const listed = listSheets(files);
  if (listed.length > limits.sheets)
    return refusal(`has ${listed.length} sheets, and ${limits.sheets} are the most: keep only the one with the registers`);
  const sheets: InspectedSheet[] = [];
  for (const { name, path } of listed) {
    const content = files.get(path);
    if (content === undefined) return refusal(`has no content for its sheet ${name}: save it again`);
    const inspected = inspectSheet(content.toString('utf8'), limits);
    if (typeof inspected === 'string') return refusal(`cannot be taken: its sheet ${name} ${inspected}`);
    sheets.push({ name, odd: inspected });
  }
  return { ok: true, sheets };
}

const refusal = (problem: string): Inspected => ({ ok: false, problem });

function listSheets(files: ReadonlyMap<string, Buffer>): { name: string; path: string }[] {
  const paths = new Map<string, string>();
  for (const tag of xmlTags(textOf(files, 'xl/_rels/workbook.xml.rels'))) {
    if (tag.name !== 'Relationship' || !attribute(tag, 'Type')?.endsWith('/relationships/worksheet')) continue;
    const target = attribute(tag, 'Target') ?? '';
    paths.set(attribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets: { name: string; path: string }[] = [];
  for (const tag of xmlTags(textOf(files, 'xl/workbook.xml'))) {
    const path = tag.opens && tag.name === 'sheet' ? paths.get(attribute(tag, 'id') ?? '') : undefined;
    if (path !== undefined) sheets.push({ name: attribute(tag, 'name') ?? '', path });
  }
  return sheets;
}

function textOf(files: ReadonlyMap<string, Buffer>, path: string): string {
  return files.get(path)?.toString('utf8') ?? '';
}

const ADDRESS = /^([A-Z]{1,3})([1-9]\d{0,6})$/;

function placeOfLetters(letters: string): number {
  return letters.split('').reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function inspectSheet(text: string, limits: SheetLimits): OddCells | string {
  const odd = new Map<number, Record<number, OddCell>>();
  const remember = (line: number, place: number, cell: OddCell) => void odd.set(line, { ...odd.get(line), [place]: cell });
  let cells = 0;
  let line = 0;
  let place = 0;
  for (const tag of xmlTags(text)) {
    if (!tag.opens) continue;
    if (tag.name === 'row') {
      line = Number(attribute(tag, 'r') ?? line + 1);
      if (!Number.isInteger(line) || line > limits.rows) return `has more than ${limits.rows} rows. ${ADVICE}`;
    } else if (tag.name === 'c') {
      const [, letters = '', digits = ''] = ADDRESS.exec(attribute(tag, 'r') ?? '') ?? [];
      if (Number(digits) !== line) return 'has a cell outside of its row. Save it again with a spreadsheet program';
      place = placeOfLetters(letters);
      cells += 1;
      if (place >= limits.columns) return `has more than ${limits.columns} columns. ${ADVICE}`;
      if (cells > limits.cells) return `has more than ${limits.cells} cells. ${ADVICE}`;
      if (attribute(tag, 't') === 'e') remember(line, place, { kind: 'error' });
    } else if (tag.name === 'f') {
      const formula = tag.closes ? '' : unescapeXml(text.slice(tag.end, text.indexOf('<', tag.end)));
      remember(line, place, { kind: 'formula', formula: formula.trim() || '(shared with another cell)' });
    }
  }
  return odd;
}

const ADVICE = 'Delete what does not belong to the registers, empty rows and columns with a format too';

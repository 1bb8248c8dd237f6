import { aboutFile, type CellTable, type Finding } from './cell-table.ts';
import { findEmdcTable, isEmdcTable, parseEmdcTable } from './emdc-sheet.ts';
import { isEmmTable, parseEmmTable } from './emm-table.ts';
import type { ImportedModel } from './imported-model.ts';
import type { MeterModel } from './meter-model.ts';
import { isOwnTable, ownBaseKey, parseOwnTables } from './own-table.ts';
import { checkRegisters } from './register-check.ts';
import { headRow, type Findings } from './table-reader.ts';
import { tableOfText } from './text-table.ts';

export const MODEL_FORMATS = ['wattbook', 'emdc', 'emm'] as const;
export type ModelFormat = (typeof MODEL_FORMATS)[number];

export function isModelFormat(text: string): text is ModelFormat {
  return MODEL_FORMATS.some((format) => format === text);
}

const MOST_FINDINGS = 200;

const COLUMNS_OF: Record<ModelFormat, string> = {
  wattbook: 'quantity, unit, address, ... (Wattbook)',
  emdc: 'Metric Name, Metric Description, Metric Address, ... (EMDC)',
  emm: 'type, register_address, measurement_name, ... (EMM)',
};

export type FileContent = { kind: 'text'; text: string } | { kind: 'workbook'; tables: CellTable[] };

export interface AskedModelFile {
  /** The file's name, for the key and the source of each register. */
  name: string;
  key?: string | undefined;
  /** Recognised by the header when it is not said. */
  format?: ModelFormat | undefined;
  /** The model whose registers the file takes over (baseKeyOfFile). */
  base?: MeterModel | undefined;
}

export interface FoundModel {
  model: MeterModel;
  /** The file says vendor, name and so on; those of a model that is there already stay where it does not. */
  hasHead: boolean;
}

export interface ReadModelFile {
  format: ModelFormat | null;
  models: FoundModel[];
  problems: Finding[];
  notes: Finding[];
}

/** Models out of a file in any format; with a problem anywhere there are none. */
export function readModelFile(content: FileContent, asked: AskedModelFile): ReadModelFile {
  const findings: Findings = { problems: [], notes: [] };
  const tables = tablesOf(content, findings);
  const format = tables === null ? null : (asked.format ?? recognise(tables, findings));
  const models = tables === null || format === null ? [] : readAs(format, tables, asked, findings);
  const { problems, notes } = findings;
  return { format, models: problems.length > 0 ? [] : models, problems: theFirst(problems), notes: theFirst(notes) };
}

/** Nobody reads more; one mistake in a heading can be one in every row. */
function theFirst(findings: readonly Finding[]): Finding[] {
  const more = findings.length - MOST_FINDINGS;
  return more > 0 ? [...findings.slice(0, MOST_FINDINGS), aboutFile(`and ${more} more`)] : [...findings];
}

/** The model that a line `# extends:` of the file names, or null. */
export function baseKeyOfFile(content: FileContent): string | null {
  const tables = tablesOf(content, { problems: [], notes: [] });
  return tables === null ? null : ownBaseKey(tables);
}

function tablesOf(content: FileContent, findings: Findings): CellTable[] | null {
  if (content.kind === 'workbook') return content.tables;
  const read = tableOfText(content.text);
  if (read.ok) return [read.table];
  findings.problems.push({ sheet: null, line: read.line, letter: null, column: read.column, text: read.problem });
  return null;
}

function recognise(tables: readonly CellTable[], findings: Findings): ModelFormat | null {
  if (tables.some(isOwnTable)) return 'wattbook';
  if (tables.some(isEmdcTable)) return 'emdc';
  if (tables.some(isEmmTable)) return 'emm';
  const found = tables.map((table) => {
    const cells = headRow(table)?.cells.filter((cell) => cell.trim() !== '') ?? [];
    const begins = cells.length === 0 ? 'is empty' : `begins with ${cells.slice(0, 4).join(', ')}`;
    return table.sheet === null ? `the file ${begins}` : `sheet ${table.sheet} ${begins}`;
  });
  findings.problems.push(
    aboutFile(`no table of registers is in it: ${found.join('; ')}. The heading must be ${Object.values(COLUMNS_OF).join(' or ')}`),
  );
  return null;
}

function readAs(format: ModelFormat, tables: readonly CellTable[], asked: AskedModelFile, findings: Findings): FoundModel[] {
  const key = asked.key ?? keyOf(asked.name);
  if (format === 'wattbook') {
    if (!tables.some(isOwnTable))
      findings.problems.push(aboutFile(`nothing in it has the heading ${COLUMNS_OF.wattbook}${sheetNames(tables)}`));
    const model = parseOwnTables(key, tables, asked.base ?? null, findings);
    return model === null ? [] : [{ model, hasHead: true }];
  }
  const parts = format === 'emdc' ? readEmdc(key, tables, asked, findings) : readEmm(tables, asked, findings);
  checkKeys(parts, findings);
  return parts.map(({ key: own, vendor, name, part }) => {
    const model: MeterModel = {
      key: own,
      vendor,
      name,
      family: '',
      manual: '',
      maxRegisters: 125,
      evenOnly: false,
      sunspec: null,
      message: null,
      verified: false,
      registers: part.registers,
    };
    // A number that is none has been reported where it stands.
    if (findings.problems.length === 0) {
      for (const { index, field, problem } of checkRegisters(model)) part.report(index, field, problem);
    }
    return { model, hasHead: false };
  });
}

function sheetNames(tables: readonly CellTable[]): string {
  const names = tables.flatMap(({ sheet }) => (sheet === null ? [] : [sheet]));
  return names.length === 0 ? '' : `; its sheets are ${names.join(', ')}`;
}

interface Part {
  key: string;
  vendor: string;
  name: string;
  part: ImportedModel;
}

function readEmdc(key: string, tables: readonly CellTable[], { name }: AskedModelFile, findings: Findings): Part[] {
  const table = findEmdcTable(tables, findings);
  const part = table === null ? null : parseEmdcTable(table, name, findings);
  return part === null ? [] : [{ key, vendor: 'EMDC workbook', name: withoutEnding(name).slice(0, 80), part }];
}

function readEmm(tables: readonly CellTable[], { name, key }: AskedModelFile, findings: Findings): Part[] {
  const table = tables.find(isEmmTable) ?? tables[0];
  const found = table === undefined ? null : parseEmmTable(table, name, findings);
  if (found === null) return [];
  if (key !== undefined && found.size > 1) {
    findings.problems.push(
      aboutFile(`the file holds ${found.size} models (${[...found.keys()].join(', ')}): leave the key out, each has its type for one`),
    );
  }
  return [...found].map(([type, part]) => ({
    key: key !== undefined && found.size === 1 ? key : keyOf(type),
    vendor: 'EMM table',
    name: type.slice(0, 80),
    part,
  }));
}

const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function checkKeys(parts: readonly Part[], findings: Findings): void {
  parts.forEach(({ key, name }, index) => {
    if (!KEY.test(key) || key.length > 80 || key.length < 2) {
      findings.problems.push({ ...aboutFile(`"${key}" must be lower-case letters and digits with - between them`), column: 'key' });
    }
    const other = parts.slice(0, index).find((earlier) => earlier.key === key);
    if (other !== undefined) findings.problems.push({ ...aboutFile(`${other.name} and ${name} would both be ${key}`), column: 'key' });
  });
}

function withoutEnding(name: string): string {
  return name.replace(/\.[a-z0-9]{1,5}$/i, '');
}

/** `Eaton Metrics (1).xlsx` is eaton-metrics: browsers number what is downloaded twice. */
export function keyOf(name: string): string {
  return withoutEnding(name)
    .replace(/ \(\d+\)$/, '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
}

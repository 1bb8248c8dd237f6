import { readFileSync } from 'node:fs';
import type { Cell } from 'write-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatOwnTables } from '../../src/domain/own-table.ts';
import { readTables } from '../../src/sheets/read-tables.ts';
import { writeModelWorkbook } from '../../src/sheets/write-workbook.ts';
import { loadModel } from '../support/meter-models.ts';
import { openOfficeFolder, type OfficeFolder } from '../support/office-programs.ts';
import { modelOf, read, said } from '../support/read-model.ts';
import { NEXUS_ROWS, workbook, type FormulaCell } from '../support/workbooks.ts';

const KEY = 'eastron-sdm630';
const model = loadModel(KEY);

let folder: OfficeFolder;

beforeAll(async () => {
  folder = openOfficeFolder();
  folder.write(`${KEY}.xlsx`, await writeModelWorkbook(model));
});
afterAll(() => folder.remove());

test('LibreOffice opens what we write and shows the same cells', async () => {
  const { head, registers } = formatOwnTables(model);
  expect(await folder.sheets(`${KEY}.xlsx`, ['Registers', 'Model'])).toEqual([registers, [['key', 'value'], ...head]]);
});

test('what LibreOffice saves of it is the same model, as XLSX and as CSV', async () => {
  await folder.convert(`${KEY}.xlsx`, 'xlsx');
  expect(await modelOf(folder.converted(`${KEY}.xlsx`), { name: `${KEY}.xlsx` })).toEqual(model);
  const heads = readFileSync(`meters/${KEY}.csv`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'));
  await folder.sheets(`${KEY}.xlsx`, []);
  const text = `${heads.join('\n')}\n${folder.converted(`${KEY}-Registers.csv`).toString()}`;
  expect(await modelOf(text, { name: `${KEY}.csv` })).toEqual(model);
});

const isFormula = (cell: unknown): cell is FormulaCell => typeof cell === 'object' && cell !== null && 'formula' in cell;

test('a formula that LibreOffice worked out and saved is named and worked out by us', async () => {
  const rows = NEXUS_ROWS.map((cells) => cells.map((cell) => (isFormula(cell) ? { type: 'Formula' as const, value: cell.formula } : cell)));
  rows[1]![4] = { type: 'Formula', value: 'SUM(1,2)' };
  folder.write('nexus.xlsx', await workbook({ Metrics: rows as Cell[][] }));
  await folder.convert('nexus.xlsx', 'xlsx');
  const found = await read(folder.converted('nexus.xlsx'), { name: 'nexus.xlsx' });
  expect(said(found)).toEqual([
    'sheet Metrics, row 2, column E (Scaling Factor): holds the formula =SUM(1,2): type its value instead of it',
  ]);
  expect(found.notes.map(({ text }) => text)).toContain('the formula =POWER(2,-16) is taken as 0.0000152587890625');
});

test('the formats that we do not take are named', async () => {
  await folder.convert(`${KEY}.xlsx`, 'xls');
  expect(await readTables(folder.converted(`${KEY}.xls`))).toEqual({ ok: false, problem: expect.stringContaining('.xls)') });
  await folder.convert(`${KEY}.xlsx`, 'ods');
  expect(await readTables(folder.converted(`${KEY}.ods`))).toEqual({ ok: false, problem: expect.stringContaining('OpenDocument') });
});

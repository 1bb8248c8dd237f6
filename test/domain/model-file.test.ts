import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareModels, isSame } from '../../src/domain/compare-models.ts';
import { formatMeterModel } from '../../src/domain/meter-model-csv.ts';
import { readModelFile } from '../../src/domain/model-file.ts';
import { readTables } from '../../src/sheets/read-tables.ts';
import { writeModelWorkbook } from '../../src/sheets/write-workbook.ts';
import { loadModel } from '../support/meter-models.ts';
import { modelOf, read, said } from '../support/read-model.ts';
import { handMade, workbook } from '../support/workbooks.ts';

const KEYS = readdirSync('meters').flatMap((file) => (file.endsWith('.csv') ? [basename(file, '.csv')] : []));

test('what is far too large or wrong everywhere does not become an answer without end', async () => {
  const heading = 'type,register_address,measurement_name,data_unit,data_type,function_code,word_order,byte_order';
  const rows = (count: number) => [heading, ...Array.from({ length: count }, () => 'aa,x,voltageL1,V,3,4,2,2')].join('\n');
  expect(said(await read(rows(5000)))).toEqual([expect.stringMatching(/^line 5001: a table of registers has at most 5000 rows/)]);
  expect(said(await read(`${heading}${',x'.repeat(60)}\n`))).toEqual([expect.stringMatching(/^line 1: .*64 columns/)]);
  const many = said(await read(rows(300)));
  expect([many.length, many.at(-1)]).toEqual([201, 'and 100 more']);
  expect(said(await read(rows(1), { format: 'wattbook' }))).toEqual([expect.stringContaining('nothing in it has the heading quantity')]);
});

describe('our own format', () => {
  test.each(KEYS)('%s comes back the same from CSV and from XLSX', async (key) => {
    const model = loadModel(key);
    expect(await modelOf(formatMeterModel(model), { name: `${key}.csv` })).toEqual(model);
    expect(await modelOf(await writeModelWorkbook(model), { name: `${key}.xlsx` })).toEqual(model);
  });

  test('as Excel saves it: semicolons, decimal commas, quotes around the head, UTF-16, byte order mark', async () => {
    const model = { ...loadModel('eastron-sdm120'), manual: 'Manual V1, page 3; annex' };
    model.registers = model.registers.map((spec, index) => (index === 0 ? { ...spec, scale: 0.001, description: 'a "b", c;d' } : spec));
    const semicolons = formatMeterModel(model)
      .split('\n')
      .map((line) => {
        if (line.startsWith('#')) return line.includes(',') ? `"${line}";;;;` : `${line};;;;`;
        const cells = line.match(/"(?:[^"]|"")*"|[^,]+|(?<=,)(?=,|$)|^(?=,)/g) ?? [];
        return cells
          .map((cell) =>
            /^-?\d+\.\d+$/.test(cell) ? cell.replace('.', ',') : cell.includes(';') && !cell.startsWith('"') ? `"${cell}"` : cell,
          )
          .join(';');
      })
      .join('\r\n');
    expect(semicolons).toContain(';0,001;');
    const asked = { name: 'eastron-sdm120.csv' };
    expect(await modelOf(semicolons, asked)).toEqual(model);
    expect(await modelOf(`\uFEFF${semicolons}`, asked)).toEqual(model);
    expect(await modelOf(Buffer.from(`\uFEFF${semicolons}`, 'utf16le'), asked)).toEqual(model);
  });

  test('with semicolons 1.000 may be one or a thousand, and is not guessed', async () => {
    const text = formatMeterModel(loadModel('eastron-sdm120'))
      .replaceAll(',', ';')
      .replace(/;(\d+);4;float32;/, ';1.000;4;float32;');
    expect(said(await read(text))[0]).toMatch(/^line \d+: "1.000" may be a fraction or thousands/);
  });

  test('every error of a CSV by line and column, of a sheet by row and letter', async () => {
    const text = formatMeterModel(loadModel('eastron-sdm120'))
      .replace(',float32,', ',float33,')
      .replace('# even_only: yes', '# even_only: perhaps');
    const problems = said(await read(text));
    expect(problems).toEqual([
      expect.stringMatching(/^line \d+, even_only: must be yes or no$/),
      expect.stringMatching(/^line \d+, type: "float33" is not one of /),
    ]);
    const sheets = await readTables(await writeModelWorkbook(loadModel('eastron-sdm120')));
    if (!sheets.ok || sheets.kind !== 'workbook') throw new Error('no workbook');
    const [registers, head] = sheets.tables;
    registers!.rows[2]!.cells[4] = 'float33';
    head!.rows.find(({ cells }) => cells[0] === 'even_only')!.cells[1] = 'perhaps';
    expect(said(readModelFile(sheets, { name: 'a-meter.xlsx' }))).toEqual([
      expect.stringMatching(/^sheet Model, row \d+, column B \(even_only\): must be yes or no$/),
      expect.stringMatching(/^sheet Registers, row 3, column E \(type\): "float33" is not one of /),
    ]);
  });

  test('a value under no heading, a formula, a missing column and an unknown table are named', async () => {
    const [heading = '', row = ''] = formatMeterModel(loadModel('eastron-sdm120'))
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    const head = ['# vendor: A', '# model: B', '# max_registers: 10', '# even_only: no', '# verified: no'].map((line) => [line]);
    const cells = row.split(',');
    const strange = handMade({
      T: [...head, heading.split(','), [...cells, 'note'], cells.map((cell, at) => (at === 8 ? { formula: 'A1*2' } : cell))],
    });
    expect(said(await read(strange))).toEqual([
      'sheet T, row 7, column Q: "note" stands under no heading',
      'sheet T, row 8, column I: holds the formula =A1*2: type its value instead of it',
    ]);
    expect(said(await read(`${heading.replace(',unit', '')}\n`))).toContain('line 1, unit: the column is missing');
    expect(said(await read('Datum;Wert\n1;2\n'))).toEqual([
      expect.stringMatching(/^no table of registers is in it: the file begins with Datum, Wert. The heading must be quantity, unit/),
    ]);
    expect(said(await read(await workbook({ One: [['a']], Two: [[null]] })))[0]).toContain('sheet One begins with a; sheet Two is empty');
    expect(said(await read('quantity,address,function\n"a,1\n'))).toEqual(['line 2, cell 1: a quote is opened and never closed']);
  });
});

test('a model beside another one: new, changed field by field, removed, unchanged', () => {
  const before = loadModel('eastron-sdm120');
  expect(isSame(compareModels(before, { ...before, registers: before.registers.toReversed() }))).toBe(true);
  const [first, second, ...rest] = before.registers;
  const after = {
    ...before,
    evenOnly: !before.evenOnly,
    registers: [{ ...first!, scale: 0.1, counter: null, invalid: 'FFFFFFFF' }, { ...second!, quantity: 'other' }, ...rest],
  };
  expect(compareModels(before, after)).toEqual({
    head: [{ field: 'even_only', from: before.evenOnly ? 'yes' : 'no', to: before.evenOnly ? 'no' : 'yes' }],
    added: [{ ...second!, quantity: 'other' }],
    changed: [
      {
        quantity: first!.quantity,
        fields: [
          { field: 'scale', from: '1', to: '0.1' },
          { field: 'invalid', from: '', to: 'FFFFFFFF' },
        ],
      },
    ],
    removed: [second],
    unchanged: rest.length,
  });
});

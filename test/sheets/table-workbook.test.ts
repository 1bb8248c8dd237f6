import { readSheet } from 'read-excel-file/node';
import { expect, test } from 'vitest';
import { column, type Batch, type Cell } from '../../src/domain/table.ts';
import { writeTable } from '../../src/sheets/write-table.ts';

const style = { separator: ',', decimal: '.' } as const;

async function workbook(columns: Parameters<typeof writeTable>[0]['columns'], batches: AsyncIterable<Batch>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await writeTable({ columns, batches }, { format: 'xlsx', style, title: 'Rows' }, (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces);
}

async function* inBatches(rows: Cell[][]): AsyncGenerator<Batch> {
  yield { rows, done: 1 };
}

test('whatever a cell says comes back as it was: names that are markup or formulas, large numbers, times by their clocks', async () => {
  const columns = [column('name'), column('at', 'moment'), column('day', 'day'), column('energy', 'number', 'Wh')];
  const rows: Cell[][] = [
    ['<b>&"\u0007', '2026-03-29T03:15:00+02:00', '2026-03-29', 9_000_000_000_001],
    ['=1+1', '2026-10-25T02:30:00.250+01:00', '2026-10-25', '0.001'],
    ['0001', null, null, null],
  ];
  expect(await readSheet(await workbook(columns, inBatches(rows)), 'Rows')).toEqual([
    ['name', 'at', 'day', 'energy (Wh)'],
    ['<b>&"', new Date('2026-03-29T03:15:00Z'), new Date('2026-03-29T00:00:00Z'), 9_000_000_000_001],
    ['=1+1', new Date('2026-10-25T02:30:00Z'), new Date('2026-10-25T00:00:00Z'), 0.001],
    ['0001', null, null, null],
  ]);
});

test('a table without rows is a sheet with its heading', async () => {
  expect(await readSheet(await workbook([column('name')], inBatches([])), 'Rows')).toEqual([['name']]);
});

test('a failing source is told, and leaves nothing hanging', async () => {
  const failing = (async function* failing(): AsyncGenerator<Batch> {
    yield { rows: [['a']], done: 0 };
    throw new Error('the database went away');
  })();
  await expect(workbook([column('name')], failing)).rejects.toThrow('the database went away');
  const sink = async () => {
    throw new Error('nobody takes it');
  };
  const endless = (async function* endless(): AsyncGenerator<Batch> {
    for (let i = 0; ; i += 1) yield { rows: Array.from({ length: 1_000 }, (_, row) => [String(i * row * 7_919)]), done: 0 };
  })();
  await expect(writeTable({ columns: [column('name')], batches: endless }, { format: 'xlsx', style, title: 'Rows' }, sink)).rejects.toThrow(
    'nobody takes it',
  );
});

import { describe, expect, test } from 'vitest';
import { readTables } from '../../src/sheets/read-tables.ts';
import { unzip, zipStored } from '../../src/sheets/zip.ts';
import { handMade, packed, sheetXml, workbook, workbookParts } from '../support/workbooks.ts';

async function problemOf(bytes: Buffer): Promise<string> {
  const read = await readTables(bytes);
  return read.ok ? '' : read.problem;
}

async function rowsOf(bytes: Buffer) {
  const read = await readTables(bytes);
  if (!read.ok || read.kind !== 'workbook') throw new Error(read.ok ? 'no workbook' : read.problem);
  return Object.fromEntries(read.tables.map(({ sheet, rows }) => [sheet, rows]));
}

describe('what a spreadsheet holds', () => {
  test('sheets in their order, rows by their number, cells as text', async () => {
    const bytes = await workbook({ First: [['a', 1.5, null, true], [], ['ä & <b>', 0.0000152587890625]], Second: [['x']] });
    expect(await rowsOf(bytes)).toEqual({
      First: [
        { line: 1, cells: ['a', '1.5', '', 'true'] },
        { line: 2, cells: ['', '', '', ''] },
        { line: 3, cells: ['ä & <b>', '0.0000152587890625', '', ''] },
      ],
      Second: [{ line: 1, cells: ['x'] }],
    });
  });

  test('a formula, an error and a date are told apart from values', async () => {
    const bytes = handMade({
      S: [['a', { formula: 'A1&"<"', shown: 7 }], [{ error: '#REF!' }, { date: 45_000 }], [{ formula: 'POWER(2,-16)' }]],
    });
    const { S } = await rowsOf(bytes);
    expect(S).toEqual([
      { line: 1, cells: ['a', '7'], odd: { 1: { kind: 'formula', formula: 'A1&"<"' } } },
      { line: 2, cells: ['', '2023-03-15'], odd: { 0: { kind: 'error' }, 1: { kind: 'date' } } },
      { line: 3, cells: [], odd: { 0: { kind: 'formula', formula: 'POWER(2,-16)' } } },
    ]);
  });

  test('text in the encodings of Excel', async () => {
    const text = 'Größe;°C\n';
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const swapped = Buffer.from(marked).swap16();
    const withMark = Buffer.from(`\uFEFF${text}`);
    for (const bytes of [marked, swapped, withMark, Buffer.from(text)])
      expect(await readTables(bytes)).toEqual({ ok: true, kind: 'text', text, notes: [] });
    expect(await readTables(Buffer.from(text, 'latin1'))).toMatchObject({
      text,
      notes: [{ text: expect.stringContaining('Windows-1252') }],
    });
  });
});

describe('a bomb is named before it goes off', () => {
  const megabytes = (count: number) => Buffer.alloc(count * 1024 * 1024, 32);

  test('a part that grows too large by what it announces', async () => {
    expect(await problemOf(packed('xl/worksheets/sheet1.xml', megabytes(9)))).toContain('9.0 MB, and 8.0 MB is the most');
    expect(await problemOf(packed('xl/worksheets/sheet1.xml', megabytes(4)))).toContain('grows more than 100 times');
  });

  test('a part that lies about its size is stopped there', () => {
    const limits = { entries: 9, entryBytes: 5_000, totalBytes: 5_000, ratio: 100 };
    const bomb = packed('a.xml', megabytes(32), 4_000);
    expect(unzip(bomb, limits)).toEqual({ ok: false, problem: expect.stringContaining('is damaged') });
  });

  test('many parts that are too large together, too many parts, one name twice', async () => {
    const many = new Map(Array.from({ length: 5 }, (_, index) => [`xl/${index}.xml`, megabytes(4)] as const));
    const limits = { entries: 4, entryBytes: 8e6, totalBytes: 16e6, ratio: 100 };
    expect(unzip(zipStored(many), { ...limits, entries: 9 })).toEqual({ ok: false, problem: expect.stringContaining('grows to 20.0 MB') });
    expect(unzip(zipStored(many), limits)).toEqual({ ok: false, problem: expect.stringContaining('more than 4 parts') });
    const twice = zipStored(
      new Map([
        ['a.xml', Buffer.from('1')],
        ['b.xml', Buffer.from('2')],
      ]),
    );
    for (const [at, byte] of twice.entries()) if (byte === 'b'.charCodeAt(0)) twice[at] = 'a'.charCodeAt(0);
    expect(unzip(twice, limits)).toEqual({ ok: false, problem: 'holds two parts of one name' });
  });

  test('a cell far away does not make a table of a billion cells', async () => {
    const far = (address: string, row: number) =>
      zipStored(
        workbookParts({ S: sheetXml([]).replace('<sheetData>', `<sheetData><row r="${row}"><c r="${address}"><v>1</v></c></row>`) }),
      );
    expect(await problemOf(far('A1048576', 1_048_576))).toContain('its sheet S has more than 5000 rows');
    expect(await problemOf(far('XFD1', 1))).toContain('its sheet S has more than 64 columns');
    expect(await problemOf(far('A1048576', 1))).toContain('has a cell outside of its row');
  });

  test('too many cells and too many sheets', async () => {
    const row = Array.from({ length: 26 }, () => 1);
    expect(await problemOf(handMade({ S: Array.from({ length: 2_400 }, () => row) }))).toContain('more than 60000 cells');
    const sheets = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`S${index}`, [['x']]]));
    expect(await problemOf(handMade(sheets))).toContain('has 21 sheets, and 20 are the most');
  });

  test('entities that grow are not read at all', async () => {
    const xml = sheetXml([['a']]).replace('<worksheet', '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet');
    expect(await problemOf(zipStored(workbookParts({ S: xml })))).toContain('cannot be read');
  });
});

describe('what is no spreadsheet of ours says what it is', () => {
  const parts = workbookParts({ S: sheetXml([['a']]) });
  const compound = Buffer.from('D0CF11E0A1B11AE1', 'hex');

  test.each([
    ['macros', zipStored(new Map([...parts, ['xl/vbaProject.bin', Buffer.from('x')]])), 'carries macros'],
    ['a binary workbook', zipStored(new Map([['xl/workbook.bin', Buffer.from('x')]])), '.xlsb'],
    [
      'an OpenDocument file',
      zipStored(new Map([['mimetype', Buffer.from('application/vnd.oasis.opendocument.spreadsheet')]])),
      'OpenDocument',
    ],
    ['another archive', zipStored(new Map([['a.txt', Buffer.from('x')]])), 'without a workbook'],
    ['an old workbook', Buffer.concat([compound, Buffer.alloc(512)]), '.xls)'],
    ['a workbook behind a password', Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]), 'password'],
    ['a torn one', handMade({ S: [['a']] }).subarray(0, 400), 'is damaged'],
    ['something binary', Buffer.from([1, 0, 2, 0, 3]), 'neither a spreadsheet nor text'],
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['too much', Buffer.alloc(2 * 1024 * 1024 + 1, 65), 'larger than 2 MB'],
  ])('%s', async (_, bytes, problem) => {
    expect(await problemOf(bytes)).toContain(problem);
  });

  test('any character of its XML wrong is an answer, never a crash', async () => {
    const xml = sheetXml([
      ['quantity', 1],
      ['voltage_l1', { formula: '1/10', shown: 0.1 }, true, { date: 1 }],
    ]);
    for (let at = 0; at < xml.length; at += 3) {
      for (const wrong of ['<', '"', '9']) {
        const read = await readTables(zipStored(workbookParts({ S: xml.slice(0, at) + wrong + xml.slice(at + 1) })));
        if (!read.ok) expect(read.problem).toMatch(/cannot be read|cannot be taken/);
      }
    }
  });

  test('any byte torn out of a workbook is an answer, never a crash', async () => {
    const whole = await workbook({
      Registers: [
        ['quantity', 'unit'],
        ['voltage_l1', 'V'],
      ],
    });
    for (let at = 0; at < whole.length; at += 23) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 0xff;
      const read = await readTables(broken);
      expect(typeof read.ok).toBe('boolean');
    }
  });
});

import { expect, test } from 'vitest';
import { readFlatList } from '../../src/domain/flat-list.ts';

const short = (text: string, taken: readonly string[] = []) =>
  readFlatList(text, taken).map(({ line, name, areaM2, kind, problems }) => [
    line,
    name,
    areaM2,
    kind,
    ...problems.map((each) => each.kind),
  ]);

test('a name per line needs no columns, and may hold a comma', () => {
  expect(short('1st floor, left\n\n  1st floor,   right \r\n')).toEqual([
    [1, '1st floor, left', null, 'consumer'],
    [3, '1st floor, right', null, 'consumer'],
  ]);
});

test('a table comes pasted from a spreadsheet, from a German CSV file and from an English one', () => {
  const flats = [
    [2, 'EG links', 62.5, 'consumer'],
    [3, 'Treppenhaus', null, 'common'],
  ];
  expect(short('Name\tArea (m²)\tKind\nEG links\t62.5\t\nTreppenhaus\t\tcommon area')).toEqual(flats);
  expect(short('\uFEFFWohnung;Fläche;Art\r\nEG links;62,5 m²;Wohnung\r\nTreppenhaus;;Allgemein\r\n')).toEqual(flats);
  expect(short('kind,name,area\n,EG links,62.5\ncommon,"Treppenhaus",\n')).toEqual(flats);
  expect(short('EG links;62,5')).toEqual([[1, 'EG links', 62.5, 'consumer']]);
});

test('every line says what is wrong with it', () => {
  expect(short('name;area;kind\nFlat 1;-4;\nflat 1;50;\n;30;\nFlàt 2;60;castle\nFlat 3;1.234;', ['Flat 2'])).toEqual([
    [2, 'Flat 1', null, 'consumer', 'area'],
    [3, 'flat 1', 50, 'consumer', 'twice'],
    [4, '', 30, 'consumer', 'no-name'],
    [5, 'Flàt 2', 60, 'consumer', 'exists', 'flat-kind'],
    [6, 'Flat 3', null, 'consumer', 'area'],
  ]);
  expect(short(`${'x'.repeat(81)}`)[0]?.[4]).toBe('long-name');
  expect(short('name;area\n"Flat 1;50\n')).toEqual([[2, '', null, 'consumer', 'quotes']]);
});

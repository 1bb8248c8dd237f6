import { expect, test } from 'vitest';
import { splitStatements } from '../../src/store/sql-statements.ts';

test('statements end at semicolons, the last one also without', () => {
  expect(splitStatements('SELECT 1;\n\nSELECT 2 ;;\nSELECT 3\n')).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3']);
  expect(splitStatements(' ; -- nothing\n')).toEqual([]);
});

test.each([
  ['a string', "SELECT 'a;b', 'it''s;', '\\';' , \"x;\"\";\""],
  ['a name', 'SELECT `a;``;b`'],
  ['an executable comment', 'SELECT /*!40101 1; */ /*M! 2; */ 3'],
])('a semicolon inside %s ends nothing', (_, statement) => {
  expect(splitStatements(`${statement};SELECT 2`)).toEqual([statement, 'SELECT 2']);
});

test('comments are left out, whatever stands in them', () => {
  const script = "-- don't; stop\nSELECT 1 -- it's; fine\n + 1; # 'x;\n/* ; ' */ SELECT 5--2, 6/2, '-- no comment';";
  expect(splitStatements(script).map((statement) => statement.replace(/\s+/g, ' '))).toEqual([
    'SELECT 1 + 1',
    "SELECT 5--2, 6/2, '-- no comment'",
  ]);
});

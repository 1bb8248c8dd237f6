import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatMeterModel, parseMeterModel } from '../../src/domain/meter-model-csv.ts';
import { parseModelFamily } from '../../src/domain/meter-model-family.ts';
import { baseKeyOf } from '../../src/domain/meter-model-header.ts';
import { isQuantity } from '../../src/domain/quantity.ts';
import { loadModel, modelText } from '../support/meter-models.ts';

const folder = new URL('../../meters/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.csv'));

const HEAD = ['# vendor: Acme', '# model: M1', '# max_registers: 60', '# even_only: no', '# verified: no'];
const COLUMNS =
  'quantity,unit,address,function,type,words,word_order,byte_order,scale,offset,invalid,ratio,counter,writable,description,source';
const FREQUENCY = 'frequency,Hz,10,4,uint16,1,big,big,0.01,0,FFFF,none,,,Mains frequency,manual p. 3';

function errorsOf(...lines: string[]): string[] {
  const parsed = parseMeterModel('acme-m1', [...HEAD, COLUMNS, ...lines].join('\n'));
  return parsed.ok ? [] : parsed.errors.map(({ line, column, problem }) => `${line} ${column}: ${problem}`);
}

describe('the device library', () => {
  test.each(files)('%s is right and comes back byte for byte', (file) => {
    const key = basename(file, '.csv');
    const text = modelText(key) ?? '';
    const parsed = parseModelFamily(key, modelText);
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    // What stands in two files is flat when it comes back.
    if (baseKeyOf(text) === null) expect(formatMeterModel(parsed.model)).toBe(text);
    expect(parseMeterModel(key, formatMeterModel(parsed.model))).toEqual(parsed);
  });

  test('the SDM630 has all its 85 parameters, of which 43 are standard quantities', () => {
    const { registers, maxRegisters, evenOnly } = loadModel('eastron-sdm630');
    const all = registers.filter((spec) => spec.function === 4).length;
    expect({ maxRegisters, evenOnly, all }).toEqual({ maxRegisters: 80, evenOnly: true, all: 85 });
    expect(registers.filter((spec) => isQuantity(spec.quantity))).toHaveLength(43);
  });

  test('the one phase of an SDM120 is also its total', () => {
    const { registers } = loadModel('eastron-sdm120');
    const at72 = registers.filter((spec) => spec.address === 72).map((spec) => spec.quantity);
    expect(at72).toEqual(['import_active_energy_l1', 'import_active_energy_total']);
  });
});

describe('a scale that another register tells', () => {
  const FACTOR = 'voltage_factor,,20,3,int16,1,big,big,1,0,8000,none,,,Power of ten of the voltages,test';
  const VOLTAGE = 'voltage_l1,V,10,3,uint16,1,big,big,10^voltage_factor,0,,none,,,,test';

  test('is read and written, alone and with a fixed one', () => {
    const text = [...HEAD, COLUMNS, VOLTAGE, VOLTAGE.replace('l1', 'l2').replace('10,3', '11,3').replace('10^', '0.5*10^'), FACTOR, ''];
    const parsed = parseMeterModel('acme-m1', text.join('\n').replace('# model: M1', '# model: M1\n# family:\n# manual:'));
    expect(parsed).toMatchObject({
      ok: true,
      model: {
        sunspec: null,
        message: null,
        registers: [
          { scale: 1, scaleBy: 'voltage_factor' },
          { scale: 0.5, scaleBy: 'voltage_factor' },
          { scale: 1, scaleBy: '' },
        ],
      },
    });
    if (parsed.ok) expect(formatMeterModel(parsed.model).split('\n').slice(-4)).toEqual(text.slice(-4));
  });

  test.each([
    ['that is not there', [VOLTAGE], '7 scale: there is no voltage_factor in this model'],
    ['that is no int16', [VOLTAGE, FACTOR.replace('int16', 'uint16')], /^7 scale: voltage_factor must be an int16/],
    ['that is scaled itself', [VOLTAGE, FACTOR.replace('big,1,', 'big,10^voltage_factor,')], /^7 scale: .*; 8|^7 scale: /],
    ['with a factor that is no number', [VOLTAGE.replace('10^', 'x*10^'), FACTOR], '7 scale: "x" is not a number'],
  ])('%s is refused', (_what, lines, error) => {
    expect(errorsOf(...lines)[0]).toEqual(error instanceof RegExp ? expect.stringMatching(error) : error);
  });
});

test('the SunSpec model is a line of the header, and there is none without it', () => {
  const parse = (...more: string[]) => parseMeterModel('acme-m1', [...HEAD, ...more, COLUMNS, FREQUENCY].join('\n'));
  expect(parse()).toMatchObject({ model: { sunspec: null } });
  const parsed = parse('# sunspec: 203');
  expect(parsed).toMatchObject({ model: { sunspec: 203 } });
  if (parsed.ok) expect(formatMeterModel(parsed.model)).toContain('\n# sunspec: 203\n');
  expect(parse('# sunspec: none')).toMatchObject({ errors: [{ line: 6, column: 'sunspec' }] });
});

describe('a file that is wrong is refused whole, with every error by line and column', () => {
  test('a right one is taken', () => {
    expect(errorsOf(FREQUENCY)).toEqual([]);
  });

  test('a unit that does not fit the quantity', () => {
    expect(errorsOf(FREQUENCY.replace('Hz', 'kWh'))).toEqual(['7 unit: "kWh" is unknown for frequency; it may be mHz, Hz']);
  });

  test('two quantities on one address', () => {
    expect(errorsOf(FREQUENCY, 'voltage_l1,V,10,4,uint16,1,big,big,1,0,,none,,,,manual')).toEqual([
      '8 address: voltage_l1 and frequency lie on the same registers: correct one address, or leave one out',
    ]);
  });

  test('values that overlap by one word, also far apart in the file', () => {
    expect(errorsOf('voltage_l1,V,9,4,uint32,2,big,big,1,0,,none,,,,manual', FREQUENCY)).toEqual([
      '8 address: frequency and voltage_l1 lie on the same registers: correct one address, or leave one out',
    ]);
  });

  test('one quantity twice', () => {
    expect(errorsOf(FREQUENCY, FREQUENCY.replace(',10,', ',11,'))).toEqual(['8 quantity: frequency is there twice']);
  });

  test.each([
    ['type', FREQUENCY.replace('uint16', 'uint12'), /^7 type: "uint12" is not one of/],
    ['words', FREQUENCY.replace(',1,big', ',3,big'), '7 words: uint16 has 1, not 3'],
    ['address', FREQUENCY.replace(',10,', ',70000,'), '7 address: must be zero-based and lie within 0 and 65535'],
    ['address', FREQUENCY.replace(',10,', ',0x10,'), '7 address: "0x10" is not a number'],
    ['function', FREQUENCY.replace(',4,uint16', ',6,uint16'), '7 function: "6" is not one of 1, 2, 3, 4'],
    ['function 1', FREQUENCY.replace(',4,uint16', ',1,uint16'), '7 type: function 1 answers bits only'],
    ['scale', FREQUENCY.replace('0.01', '0'), '7 scale: must be a number other than 0'],
    ['a formula', FREQUENCY.replace('0.01', '=POWER(2;-16)'), '7 scale: "=POWER(2;-16)" is not a number'],
    ['invalid', FREQUENCY.replace('FFFF', 'FFF'), '7 invalid: must be 4 hexadecimal digits in capitals, several separated by |'],
    ['counter', FREQUENCY.replace('none,,', 'none,lifetime,'), '7 counter: frequency is no counter'],
    ['writable', FREQUENCY.replace(',,,Mains', ',,1..5,Mains'), '7 writable: function 4 reads what nobody can write'],
    ['source', FREQUENCY.replace('manual p. 3', ''), /^7 source: must say where/],
    ['quantity', FREQUENCY.replace('frequency', 'Mains f'), /^7 quantity: must be lower-case letters/],
    ['cells', `${FREQUENCY},more`, '7 : there are 17 cells in this line and 16 columns'],
    ['quote', FREQUENCY.replace('Mains', '"Mains"'), '7 description: something follows the closing quote'],
    ['open quote', FREQUENCY.replace('manual p. 3', '"manual'), '7 source: a quote is opened and never closed'],
  ])('%s', (_what, line, error) => {
    expect(errorsOf(line)).toEqual([error instanceof RegExp ? expect.stringMatching(error) : error]);
  });

  test('several errors in several lines are all named', () => {
    const errors = errorsOf(FREQUENCY.replace('uint16', 'x').replace('0.01', 'y'), FREQUENCY.replace(',10,', ',z,'));
    expect(errors.map((error) => error.split(':')[0])).toEqual(['7 type', '7 scale', '8 address']);
    const physical = errorsOf(FREQUENCY.replace('Hz', 'Q').replace('0.01', '0'), FREQUENCY.replace(',10,', ',11,'));
    expect(physical.map((error) => error.split(':')[0])).toEqual(['7 unit', '7 scale', '8 quantity']);
  });

  test('the lines before the table', () => {
    const parsed = parseMeterModel(
      'Acme M1',
      ['# vendor:', '# modle: M1', '# max_registers: 126', '# verified: maybe', COLUMNS, FREQUENCY].join('\n'),
    );
    expect(parsed.ok ? [] : parsed.errors.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '0 key',
      '2 modle',
      '1 vendor',
      '1 model',
      '3 max_registers',
      '1 even_only',
      '4 verified',
    ]);
  });

  test('a column that is missing, unknown or there twice; a file without a table', () => {
    const parsed = parseMeterModel('m', [...HEAD, COLUMNS.replace('unit', 'units').replace('offset', 'scale')].join('\n'));
    expect(parsed.ok ? [] : parsed.errors.map(({ line, column }) => `${line} ${column}`)).toEqual([
      '6 unit',
      '6 offset',
      '6 units',
      '6 scale',
    ]);
    expect(parseMeterModel('m', '').ok).toBe(false);
    expect(parseMeterModel('m', [...HEAD, COLUMNS].join('\n'))).toMatchObject({ errors: [{ problem: 'there are no registers' }] });
  });
});

test('quotes, commas, line breaks, CRLF and a byte order mark are read as RFC 4180 says', () => {
  const line = FREQUENCY.replace('Mains frequency', '"Mains ""frequency"", two\r\nlines"');
  const parsed = parseMeterModel('acme-m1', `\uFEFF${[...HEAD, COLUMNS, line, ''].join('\r\n')}`);
  expect(parsed).toMatchObject({ ok: true, model: { registers: [{ description: 'Mains "frequency", two\r\nlines' }] } });
  if (parsed.ok) expect(parseMeterModel('acme-m1', formatMeterModel(parsed.model))).toEqual(parsed);
});

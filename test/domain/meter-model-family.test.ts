import { describe, expect, test } from 'vitest';
import { familyOf, parseModelFamily } from '../../src/domain/meter-model-family.ts';

const COLUMNS =
  'quantity,unit,address,function,type,words,word_order,byte_order,scale,offset,invalid,ratio,counter,writable,description,source';
const BASE = [
  '# vendor: Acme',
  '# model: M1',
  '# family: M',
  '# manual: M protocol',
  '# max_registers: 60',
  '# even_only: yes',
  '# verified: yes',
  COLUMNS,
  'voltage_l1,V,0,4,float32,2,big,big,1,0,,none,,,,manual p. 1',
  'frequency,Hz,10,4,uint16,1,big,big,0.01,0,,none,,,,manual p. 2',
].join('\n');
const CURRENT = 'current_l1,A,4,4,float32,2,big,big,1,0,,none,,,,manual of the M2';

function parse(texts: Record<string, string[]>, key = 'acme-m2') {
  return parseModelFamily(key, (name) => (name === 'acme-m1' ? BASE : texts[name]?.join('\n')));
}

function errorsOf(parsed: ReturnType<typeof parse>): string[] {
  return parsed.ok ? [] : parsed.errors.map(({ line, column, problem }) => `${line} ${column}: ${problem}`);
}

describe('a file that extends another', () => {
  const head = ['# extends: acme-m1', '# model: M2', '# verified: no', COLUMNS];

  test('has its registers and its header, and says of each register where the layout is from', () => {
    expect(parse({ 'acme-m2': head })).toMatchObject({
      ok: true,
      model: {
        key: 'acme-m2',
        vendor: 'Acme',
        name: 'M2',
        family: 'M',
        maxRegisters: 60,
        evenOnly: true,
        verified: false,
        registers: [
          { quantity: 'voltage_l1', source: 'layout of acme-m1: manual p. 1' },
          { quantity: 'frequency', source: 'layout of acme-m1: manual p. 2' },
        ],
      },
    });
  });

  test('replaces a quantity, adds one and leaves one out', () => {
    const voltage = 'voltage_l1,V,100,4,float32,2,big,big,1,0,,none,,,,manual of the M2';
    const parsed = parse({ 'acme-m2': [...head, CURRENT, voltage, `frequency${','.repeat(15)}`] });
    expect(parsed.ok && parsed.model.registers.map((spec) => `${spec.quantity} ${spec.address} ${spec.source}`)).toEqual([
      'voltage_l1 100 manual of the M2',
      'current_l1 4 manual of the M2',
    ]);
  });

  test('says why the layout is the same where it names another manual', () => {
    const parsed = parse({ 'acme-m2': [...head.slice(0, 2), '# manual: M2 sheet', ...head.slice(2)] });
    expect(parsed).toMatchObject({ model: { registers: [{ source: 'M2 sheet; layout of acme-m1: manual p. 1' }, {}] } });
  });

  test('may itself be extended', () => {
    const third = ['# extends: acme-m2', '# vendor: Other', '# model: M3', '# max_registers: 20', '# verified: no', COLUMNS];
    const parsed = parse({ 'acme-m2': [...head, CURRENT], 'other-m3': third }, 'other-m3');
    expect(parsed).toMatchObject({ ok: true, model: { vendor: 'Other', maxRegisters: 20 } });
    expect(parsed.ok && parsed.model.registers.map((spec) => spec.quantity)).toEqual(['voltage_l1', 'frequency', 'current_l1']);
    expect([...familyOf('other-m3', (key) => ({ 'other-m3': third.join('\n') })[key])]).toHaveLength(1);
  });

  test('is never verified by its base: it has to say so itself', () => {
    expect(errorsOf(parse({ 'acme-m2': head.filter((line) => !line.includes('verified')) }))).toEqual([
      '1 verified: is missing: must be yes or no',
    ]);
  });

  test.each([
    [
      'nothing that there is',
      head.map((line) => line.replace('m1', 'm7')),
      '1 extends: there is no model "acme-m7" to take registers from',
    ],
    ['itself', head.map((line) => line.replace('m1', 'm2')), '1 extends: there is no model "acme-m2" to take registers from'],
    ['a base without what it leaves out', [...head, `current_l1${','.repeat(15)}`], '5 quantity: acme-m1 has no current_l1 to leave out'],
    [
      'a base with a register on its own address',
      [...head, CURRENT.replace(',4,4,', ',9,4,')],
      '5 address: current_l1 and frequency lie on the same registers: correct one address, or leave one out',
    ],
    [
      'a base that cannot be read with its limits',
      [...head.slice(0, 3), '# max_registers: 1', COLUMNS],
      '1 extends: voltage_l1 of acme-m1: the meter answers at most 1 registers in one request',
    ],
  ])('%s is refused', (_what, lines, error) => {
    expect(errorsOf(parse({ 'acme-m2': lines }))).toEqual([error]);
  });

  test('a base that is wrong is named', () => {
    const broken = ['# extends: acme-m1', '# model: M2', '# verified: maybe', COLUMNS];
    const third = ['# extends: acme-m2', '# model: M3', '# verified: no', COLUMNS];
    expect(errorsOf(parse({ 'acme-m2': broken, 'acme-m3': third }, 'acme-m3'))).toEqual(['3 verified: must be yes or no (in acme-m2)']);
  });
});

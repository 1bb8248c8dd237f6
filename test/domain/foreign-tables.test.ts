import { describe, expect, test } from 'vitest';
import { sayFinding } from '../../src/domain/cell-table.ts';
import { modelOf, read, said } from '../support/read-model.ts';
import { EATON_ROWS, handMade, NEXUS_ROWS, workbook } from '../support/workbooks.ts';

describe('the EMDC workbook', () => {
  const asked = { name: 'nexus-metrics.xlsx' };

  test('the Nexus sheet is taken; its formula is worked out, and that is said', async () => {
    const found = await read(handMade({ Metrics: NEXUS_ROWS }), asked);
    expect(said(found)).toEqual([]);
    expect(found).toMatchObject({ format: 'emdc', models: [{ hasHead: false }] });
    const { model } = found.models[0]!;
    expect(model).toMatchObject({ key: 'nexus-metrics', name: 'nexus-metrics', verified: false });
    const registers = new Map(model.registers.map((spec) => [spec.quantity, spec]));
    expect(registers.get('voltage_l1')).toMatchObject({
      unit: 'V',
      address: 179,
      function: 3,
      type: 'int32',
      words: 2,
      scale: 2 ** -16,
      ratio: 'none',
    });
    expect(registers.get('current_neutral')).toMatchObject({ ratio: 'ct', source: 'EMDC workbook nexus-metrics.xlsx: Current_N' });
    expect(registers.get('reactive_power_total')).toMatchObject({ unit: 'var', ratio: 'ct*pt' });
    expect(registers.get('power_factor_total')).toMatchObject({ type: 'int16', scale: 0.001 });
    expect(registers.get('voltage_angle_l1')).toMatchObject({ unit: 'deg', address: 2594, scale: 0.01 });
    const notes = found.notes.map(sayFinding);
    expect(notes).toContain('sheet Metrics, row 2, column E (Scaling Factor): the formula =POWER(2,-16) is taken as 0.0000152587890625');
    expect(notes).toContain('sheet Metrics, row 11, column F (Data Type): a power factor can be negative: it is read as INT16');
  });

  test('two quantities on one address of the Eaton sheet are named, each with its row', async () => {
    const found = await read(handMade({ Metrics: EATON_ROWS }), { name: 'eaton-metrics.xlsx' });
    const advice = 'lie on the same registers: correct one address, or leave one out';
    expect(said(found)).toEqual([
      `sheet Metrics, row 14, column C (Metric Address): power_factor_l2 and power_factor_l1 ${advice}`,
      `sheet Metrics, row 15, column C (Metric Address): power_factor_l3 and power_factor_l1 ${advice}`,
      `sheet Metrics, row 19, column C (Metric Address): voltage_angle_l3 and voltage_angle_l2 ${advice}`,
    ]);
    expect(found.models).toEqual([]);
  });

  test('reading stops at the first empty name; what stands below or beside is nobody’s business', async () => {
    const rows = [
      ...NEXUS_ROWS.map((cells) => [...cells, 'remark']),
      [null],
      ['Total', 'sum', 'x', { formula: 'SUM(C2:C9)', shown: 9 }, null, 'WORD'],
    ];
    const model = await modelOf(handMade({ Notes: [['read me']], Metrics: rows }), asked);
    expect(model.registers).toHaveLength(NEXUS_ROWS.length - 1);
  });

  test('each wrong cell is named with its column', async () => {
    const [heading] = EATON_ROWS;
    const rows = [
      heading!,
      ['Voltage_AN', '', 'high', 2, 1, 'FLOAT32'],
      ['Voltage_BN', '', 2, 4, 1, 'FLOAT32'],
      ['Voltage_CN', '', 6, 2, { formula: 'B1*2', shown: 2 }, 'FLOAT32'],
      ['W', '', 8, 2, { formula: '1/1000', shown: 2 }, 'FLOAT32'],
      ['label', '', 10, 2, '', 'STRING'],
    ];
    expect(said(await read(handMade({ Metrics: rows })))).toEqual([
      'sheet Metrics, row 2, column C (Metric Address): "high" is not a whole number',
      'sheet Metrics, row 4, column E (Scaling Factor): holds the formula =B1*2: type its value instead of it',
      'sheet Metrics, row 5, column E (Scaling Factor): holds the formula =1/1000, which is 0.001, but shows 2: type the value that is right',
      'sheet Metrics, row 6, column F (Data Type): "STRING" cannot be read; a text is no measured value: leave the row out',
      'sheet Metrics, row 6, column E (Scaling Factor): is empty: it must be a number',
    ]);
    const size = await read(handMade({ Metrics: [heading!, rows[2]!] }));
    expect(said(size)).toEqual(['sheet Metrics, row 2, column D (Metric Size): float32 has 2, not 4']);
  });

  test('a missing sheet lists those there are, a missing column is named', async () => {
    const wrong = await read(await workbook({ Tabelle1: [['a']], Tabelle2: [['b']] }), { format: 'emdc' });
    expect(said(wrong)).toEqual(['there is no sheet Metrics; the file has Tabelle1, Tabelle2']);
    const short = await read(await workbook({ Metrics: [['Metric Name', 'Metric Address']] }));
    expect(said(short)).toContain('sheet Metrics, row 1, Metric Size: the column is missing');
    const other = await modelOf(handMade({ Register: NEXUS_ROWS }), asked);
    expect(other.registers).toHaveLength(NEXUS_ROWS.length - 1);
  });

  test('a metric of the person’s own is kept under a name of its own', async () => {
    const rows = [EATON_ROWS[0]!, ['THD V.AN', '', 1, 2, 1, 'FLOAT32'], ['2nd tariff', '', 3, 2, 1, 'FLOAT32']];
    const model = await modelOf(handMade({ Metrics: rows }));
    expect(model.registers.map(({ quantity, unit }) => [quantity, unit])).toEqual([
      ['thd_v_an', ''],
      ['value_2nd_tariff', ''],
    ]);
  });
});

describe('the EMM tables', () => {
  const HEADING = 'type,register_address,measurement_name,data_unit,data_type,function_code,word_order,byte_order';
  const table = [
    HEADING,
    'le03mwct,14,voltageL1,V,3,3,2,2',
    'le03mwct,28,activePower,kW,3,3,2,2',
    'le03mwct,36,reactivePower,kVar,3,3,2,2',
    'le03mwct,264,activeEnergyConsumed,kWh,3,3,2,2',
    'virtual-tlc10000,0,activePower,kW,3,4,2,2',
    'virtual-tlc10000,2,activeEnergyProducedToday,kWh,3,4,2,2',
    'virtual-tlc10000,4,acviteEnergyProduced,kWh,3,4,1,2',
    'virtual_modbustcp_server,0,test_measurement,t-unit,1,4,2,1',
  ];

  test('each type is a model of its own', async () => {
    const found = await read(table.join('\n'), { name: 'registers.csv' });
    expect(said(found)).toEqual([]);
    expect(found.format).toBe('emm');
    expect(found.models.map(({ model }) => [model.key, model.registers.length])).toEqual([
      ['le03mwct', 4],
      ['virtual-tlc10000', 3],
      ['virtual-modbustcp-server', 1],
    ]);
    const [meter, inverter, server] = found.models.map(({ model }) => model.registers);
    expect(meter![2]).toMatchObject({
      quantity: 'reactive_power_total',
      unit: 'kvar',
      type: 'float32',
      words: 2,
      function: 3,
      wordOrder: 'big',
    });
    expect(meter![3]).toMatchObject({ quantity: 'import_active_energy_total', counter: 'lifetime' });
    expect(inverter![1]).toMatchObject({ quantity: 'active_energy_produced_today', counter: 'daily' });
    expect(inverter![2]).toMatchObject({ quantity: 'export_active_energy_total', wordOrder: 'little' });
    expect(server![0]).toMatchObject({ quantity: 'test_measurement', unit: '', type: 'int16', words: 1, byteOrder: 'little' });
    expect(found.notes.map(sayFinding)).toContain('line 9, data_unit: the unit t-unit is not known here: the value is kept without one');
  });

  test('a sheet of the same is taken as well; what is wrong has its row and letter', async () => {
    const rows = table.slice(0, 2).map((line) => line.split(','));
    const wrong = [
      ...rows,
      ['le03mwct', '16', 'voltageL2', 'kWh', '4', '3', '2', '2'],
      ['le03mwct', '15', 'voltageL3', 'V', '3', '3', '2', '2'],
    ];
    expect((await read(await workbook({ registers: rows }))).models).toHaveLength(1);
    expect(said(await read(await workbook({ registers: wrong })))).toEqual([
      'sheet registers, row 3, column E (data_type): "4" is not one of 1 INT, 2 LONG, 3 FLOAT',
    ]);
    wrong[2]![4] = '3';
    expect(said(await read(await workbook({ registers: wrong })))).toEqual([
      expect.stringContaining('sheet registers, row 3, column D (data_unit): "kWh" is unknown for voltage_l2'),
      expect.stringContaining('sheet registers, row 4, column B (register_address): voltage_l3 and voltage_l1 lie on the same registers'),
    ]);
  });

  test('a key fits one model only', async () => {
    expect(said(await read(table.join('\n'), { key: 'ours' }))).toEqual([
      'the file holds 3 models (le03mwct, virtual-tlc10000, virtual_modbustcp_server): leave the key out, each has its type for one',
    ]);
  });
});

import type { MeterModel, RegisterSpec } from '../../src/domain/meter-model.ts';

/** A register that is right; what a test is about is said by the test. */
export function makeRegister(spec: Partial<RegisterSpec>): RegisterSpec {
  return {
    quantity: 'voltage_l1',
    unit: 'V',
    address: 0,
    function: 3,
    type: 'uint16',
    words: 1,
    wordOrder: 'big',
    byteOrder: 'big',
    scale: 1,
    scaleBy: '',
    offset: 0,
    invalid: '',
    ratio: 'none',
    counter: null,
    writable: '',
    description: '',
    source: 'test',
    ...spec,
  };
}

export function makeModel(registers: RegisterSpec[], model: Partial<MeterModel> = {}): MeterModel {
  return {
    key: 'test-model',
    vendor: 'Test',
    name: 'Model',
    family: '',
    manual: '',
    maxRegisters: 125,
    evenOnly: false,
    sunspec: null,
    message: null,
    verified: false,
    registers,
    ...model,
  };
}

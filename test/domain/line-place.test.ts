import { expect, test } from 'vitest';
import { bytesMs, frameGapMs, quietMs, type SerialPlace } from '../../src/domain/line-place.ts';

const bus: SerialPlace = { transport: 'rtu', serialPath: '/dev/ttyUSB0', baudRate: 9600, parity: 'even', stopBits: 1 };

test('a byte is as many bits as the port says: start, eight, parity, stop', () => {
  expect(bytesMs(bus, 960)).toBe(1100);
  expect(bytesMs({ ...bus, parity: 'none' }, 960)).toBe(1000);
  expect(bytesMs({ ...bus, parity: 'none', stopBits: 2 }, 960)).toBe(1100);
});

test('the gap between frames is 3.5 characters, and 1.75 ms above 19,200 baud', () => {
  expect(frameGapMs(bus)).toBeCloseTo(4.01, 2);
  expect(frameGapMs({ ...bus, baudRate: 19_200 })).toBeCloseTo(2.005, 3);
  expect(frameGapMs({ ...bus, baudRate: 115_200 })).toBe(1.75);
});

test('a line is quiet after the longest frame, and never waits longer than for an answer', () => {
  expect(quietMs(bus, 1000)).toBe(298);
  expect(quietMs({ ...bus, baudRate: 300 }, 1000)).toBe(1000);
  expect(quietMs({ transport: 'rtu_over_tcp', host: 'gateway', port: 4001 }, 1000)).toBe(271);
});

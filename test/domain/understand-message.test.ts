import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queuedValues, splitTuples } from '../../src/domain/measurement-tuple.ts';
import { wordsOfReason } from '../../src/domain/message-words.ts';
import { mayPush, type PushedMessage } from '../../src/domain/pushed-message.ts';
import { showMessage } from '../../src/domain/show-message.ts';
import { understand } from '../../src/domain/understand-message.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 12);

function tuples(payload: string, topic = 'wattbook/sensor-1/measurements'): PushedMessage {
  return { topic, payload: new TextEncoder().encode(payload), receivedMs: NOW_MS, sourceId: null };
}

const value = (over: object = {}) => ({ timestamp: NOW_MS - 1_000, device_id: 'sensor-1', measurement_value: 0.25, ...over });

test.each([
  ['no number', { measurement_value: '0.25' }, 'bad-value'],
  ['less than nothing', { measurement_value: -1 }, 'bad-value'],
  ['a time with a fraction', { timestamp: NOW_MS + 0.5 }, 'bad-value'],
  ['seconds in place of milliseconds', { timestamp: NOW_MS / 1_000 }, 'late'],
  ['a field that nobody knows', { __proto__: null, unit: 'kWh' }, 'bad-value'],
  ['the value of another device', { device_id: 'sensor-2' }, 'foreign-device'],
  ['a future', { timestamp: NOW_MS + 6 * 60_000 }, 'early'],
])('%s is refused with its reason', (_, over, reason) => {
  expect(understand(tuples(JSON.stringify(value(over))))).toMatchObject({ says: 'nothing', reason });
});

test('a value that JSON makes infinite is none', () => {
  expect(understand(tuples(`{"timestamp":${NOW_MS},"device_id":"sensor-1","measurement_value":1e999}`))).toMatchObject({
    reason: 'bad-value',
  });
});

test('many values in one message are one each, the bad ones apart', () => {
  const [good, bad, foreign] = splitTuples(tuples(JSON.stringify([value(), { timestamp: 1 }, value({ device_id: 'sensor-2' })]))).map(
    understand,
  );
  expect(good).toMatchObject({ says: 'values', message: 'energy', sender: 'sensor-1', measuredMs: NOW_MS - 1_000 });
  expect(bad).toMatchObject({ says: 'nothing', reason: 'bad-value' });
  expect(foreign).toMatchObject({ says: 'nothing', reason: 'foreign-device' });
  expect(splitTuples(tuples('[')).map(understand)).toMatchObject([{ reason: 'not-json' }]);
  expect(splitTuples(tuples(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)).map(understand)[0]).toMatchObject({ says: 'nothing' });
});

test('a value of a queue is the one that comes by MQTT; without a time it has that of the broker, or none', () => {
  const queued = (told: unknown, takenMs: number | null = null) =>
    queuedValues({ payload: new TextEncoder().encode(JSON.stringify(told)), receivedMs: NOW_MS, takenMs });
  const numbered = { timestamp: NOW_MS - 1_000, device_id: 7, measurement_value: 0.25 };
  const [byQueue] = queued(numbered);
  expect(splitTuples(tuples(JSON.stringify([{ ...numbered, device_id: '7' }]), 'wattbook/7/measurements'))).toEqual([byQueue]);
  expect(understand(byQueue!)).toMatchObject({ says: 'values', sender: '7', measuredMs: NOW_MS - 1_000 });
  const { timestamp: _, ...untimed } = numbered;
  expect(queued([untimed, numbered], NOW_MS - 5).map(understand)).toMatchObject([
    { says: 'values', measuredMs: NOW_MS - 5 },
    { says: 'values', measuredMs: NOW_MS - 1_000 },
  ]);
  expect(queued(untimed).map(understand)).toMatchObject([{ says: 'nothing', reason: 'bad-value', sender: '7' }]);
});

test('whatever comes by whatever topic is told for something and can be shown, without an error', () => {
  const topic = fc.oneof(fc.string(), fc.constant('wattbook/sensor-1/measurements'), fc.constant('E/1/3614BBBK4274/erp/E'));
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json({ maxDepth: 6 }).map((text) => new TextEncoder().encode(text)),
    fc.array(fc.anything(), { maxLength: 4 }).map((some) => new TextEncoder().encode(JSON.stringify(some) ?? '')),
  );
  fc.assert(
    fc.property(topic, payload, (name, bytes) => {
      const pushed = { topic: name, payload: bytes, receivedMs: NOW_MS, sourceId: null };
      for (const message of [...splitTuples(pushed), ...queuedValues({ ...pushed, takenMs: NOW_MS })]) {
        const told = understand(message);
        expect(['values', 'alarms', 'other', 'nothing']).toContain(told.says);
        // In words, in place of its code.
        if (told.says === 'nothing') expect(wordsOfReason(told.reason).why).not.toBe(told.reason);
        expect(showMessage(message).alarms.length).toBeLessThanOrEqual(21);
      }
    }),
    { numRuns: 5_000 },
  );
});

test('a gateway pushes all of its zone, a device its own values, and neither anything else', () => {
  const gateway = { id: 1, kind: 'gateway', reach: 'E' } as const;
  expect(['E/1/a/b/E', 'E/', 'EE/1/a/b/E', 'L/1/a/b/E', 'wattbook/E/measurements'].map((topic) => mayPush(gateway, topic))).toEqual([
    ...[true, true, false, false, false],
  ]);
  const device = { id: 2, kind: 'device', reach: 'sensor-1' } as const;
  expect(['wattbook/sensor-1/measurements', 'wattbook/sensor-2/measurements', 'sensor-1/x'].map((topic) => mayPush(device, topic))).toEqual(
    [...[true, false, false]],
  );
});

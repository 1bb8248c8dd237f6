import { deviceOfTopic } from './measurement-tuple.ts';

interface ReasonWords {
  why: string;
  /** What people can do about it; then it may be judged anew. Null: its content is as it is. */
  remedy: string | null;
}

/** Why a message was not stored, in place of the code. */
const REASONS: Readonly<Record<string, ReasonWords>> = {
  'unknown-sender': {
    why: 'Nobody knows its sender',
    remedy: 'Adopt the sender: give it a meter, or its meter a place. What waits is stored then by itself.',
  },
  'foreign-meter': {
    why: 'The meter hangs in another building than the one that this gateway or device pushes for',
    remedy: 'If the meter has moved, exchange or install it where it hangs now, then replay.',
  },
  'before-installation': {
    why: 'The meter was installed later than this was measured',
    remedy: 'If the meter hung there before, move the start of its installation, then replay.',
  },
  'wrong-kind': {
    why: 'The model of the meter is for other messages than this one',
    remedy: 'Give the meter the model for this kind of message, then replay.',
  },
  'wrong-model': {
    why: 'The model of the meter cannot read this message',
    remedy: 'Mend the registers of its model, then replay.',
  },
  'not-stored': { why: 'The database did not take its values', remedy: 'Replay it once the cause is gone; the log of Wattbook has it.' },
  outdated: { why: 'Newer alarms of this meter came before', remedy: null },
  replayed: { why: 'Another message of this meter and moment came before; the first one holds', remedy: null },
  early: { why: 'It says that it was measured after it was received: the clock of the meter is ahead', remedy: null },
  late: { why: 'It was measured more than a month before it was received', remedy: null },
  'absurd-time': { why: 'Its time of measurement is no time', remedy: null },
  'bad-topic': { why: 'Its topic is none that Wattbook knows', remedy: null },
  'too-short': { why: 'It is shorter than the header of a message', remedy: null },
  'unknown-kind': { why: 'There is no such kind of message', remedy: null },
  'wrong-length': { why: 'It has not the length of its kind', remedy: null },
  'not-json': { why: 'It is no JSON', remedy: null },
  'bad-value': { why: 'Its JSON is no measured value', remedy: null },
  'foreign-device': { why: 'It tells of another device than its topic', remedy: null },
};

export function wordsOfReason(reason: string): ReasonWords {
  return REASONS[reason] ?? { why: reason, remedy: null };
}

const KIND_WORDS: Readonly<Record<number, string>> = {
  2: 'System information',
  4: 'System parameters',
  7: 'Parameters',
  11: 'Parameters as shipped',
  14: 'Time table',
  17: 'Three-phase values, asked for',
  18: 'Three-phase values',
  20: 'Single-phase values, asked for',
  21: 'Single-phase values',
  23: 'Consumption of 36 days',
  25: 'Consumption by bands',
  27: 'List of alarms',
  29: 'Alarms, asked for',
  30: 'Alarms',
  31: 'Alarms set back',
  33: 'Thresholds',
  36: 'Firmware version',
  38: 'State of the device, asked for',
  39: 'State of the device',
  41: 'Voltage quality, asked for',
  42: 'Voltage quality',
  45: 'Weather',
  47: 'Start of the device',
};

export const VALUE_WORDS = 'Measured value';
export const UNREADABLE_WORDS = 'Unreadable';

export function wordsOfKind(kind: number): string {
  return KIND_WORDS[kind] ?? `Kind ${kind}`;
}

/** By its topic where it has no kind: the value of a device, or nothing that can be read. */
export function wordsOfMessage({ kind, topic }: { kind: number | null; topic: string }): string {
  if (kind !== null) return wordsOfKind(kind);
  return deviceOfTopic(topic) === null ? UNREADABLE_WORDS : VALUE_WORDS;
}

export const STATE_WORDS = {
  stored: 'Stored',
  noted: 'Noted',
  'unknown-sender': 'Waits',
  refused: 'Refused',
} as const;

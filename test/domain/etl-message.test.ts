import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ETL_KINDS } from '../../src/domain/etl-kinds.ts';
import { etlAlarms, etlFields, readEtlMessage } from '../../src/domain/etl-message.ts';
import { parseEtlTopic } from '../../src/domain/etl-topic.ts';
import {
  ALARM_ROWS,
  BODY_BYTES,
  etlSlots,
  KINDS_OF_ANY_SIZE,
  SINGLE_PHASE_ROWS,
  THREE_PHASE_ROWS,
  writeEtlBody,
  writeEtlMessage,
} from '../support/etl-frames.ts';
import { strangeEtlMessage } from '../support/strange-etl-message.ts';

const RUNS = 100_000;
const FIXED_KINDS = Object.entries(BODY_BYTES).map(([kind, bytes]) => [Number(kind), bytes] as const);
const times = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) - 1 });

const headers = fc.record({ apiVersion: fc.nat(255), measuredMs: times, sentMs: times, crc: fc.integer({ min: -128, max: 127 }) });

function shown(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function reasonOf(payload: Uint8Array): string {
  const read = readEtlMessage(payload);
  return read.ok ? 'ok' : read.reason;
}

describe('a message that measures', () => {
  test.each([
    [18, 253, THREE_PHASE_ROWS],
    [21, 81, SINGLE_PHASE_ROWS],
  ])('of kind %i has %i bytes, and every number in it is the one that was sent', (kind, length, rows) => {
    const values = fc.tuple(...rows.map(([, type]) => (type === 'float32' ? fc.float() : fc.double())));
    fc.assert(
      fc.property(headers, values, ({ measuredMs, sentMs, ...others }, sent) => {
        const body = writeEtlBody(kind, sent, length - 21);
        const payload = writeEtlMessage({ ...others, kind, measuredSeconds: measuredMs / 1000, sentSeconds: sentMs / 1000 }, body);
        const read = readEtlMessage(payload);
        if (!read.ok || payload.length !== length) return false;
        expect(read.header).toEqual({ ...others, measuredMs, sentMs, kind, contentLength: length - 21 });
        const fields = etlFields(kind, read.body);
        return (
          fields.length === rows.length &&
          rows.every(([, , name], place) => name === fields[place]?.name && Object.is(fields[place].value, shown(sent[place] ?? 0)))
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('is what the struct of Python packs, for which the meters were built', () => {
    const packed =
      '0141d62db71eac189341d62db71f50000015003cf939b464d5bfc00000401000003f6e147b436666663ac49ba642480a3d' +
      '3f38989b400000073e112e0be826d69540fe240c9fbe76c9bfe0000000000000';
    const read = readEtlMessage(Buffer.from(packed, 'hex'));
    expect(read).toMatchObject({
      ok: true,
      kindName: 'INFO_DATA_MONOFASE',
      header: {
        apiVersion: 1,
        measuredMs: Date.parse('2017-03-01T14:36:42.689Z'),
        sentMs: Date.parse('2017-03-01T14:36:45.250Z'),
        kind: 21,
        contentLength: 60,
        crc: -7,
      },
    });
    const fields = etlFields(21, Buffer.from(packed, 'hex').subarray(21));
    const last = fields.slice(7).map(({ meaning, value }) => [meaning, value]);
    expect(last).toEqual([
      ['active energy, import', 0.000375306990463287],
      ['active energy, export', 1e-9],
      ['reactive energy, import', 123456.789],
      ['reactive energy, export', -0.5],
    ]);
    expect(fields[0]).toEqual({ name: 'potenza_attiva', meaning: 'active power', value: Math.fround(0.000344074) });
  });

  test('has the reactive energy that was withdrawn before the one fed in', () => {
    const places = (kind: number, length: number) =>
      etlFields(kind, new Uint8Array(length)).flatMap(({ name }) => (name.startsWith('energia_reattiva') ? [name] : []));
    const phases = ['r', 's', 't', 'sum'];
    expect(places(18, 232)).toEqual([
      ...phases.map((phase) => `energia_reattiva_prelievo_${phase}`),
      ...phases.map((phase) => `energia_reattiva_immissione_${phase}`),
    ]);
    expect(places(21, 60)).toEqual(['energia_reattiva_prelievo', 'energia_reattiva_immissione']);
  });
});

describe('alarms', () => {
  test('take 19 and 21 bytes and nothing else', () => {
    const lengths = Array.from({ length: 64 }, (_, length) => length);
    const taken = lengths.filter((length) => reasonOf(writeEtlMessage({ kind: 30 }, new Uint8Array(length))) === 'ok');
    expect(taken).toEqual([19, 21]);
  });

  test.each([19, 21])('of %i bytes are on where the byte is not 0', (length) => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(1), fc.nat(255)), { minLength: length, maxLength: length }), (sent) => {
        const alarms = etlAlarms(writeEtlBody(30, sent, length));
        return alarms.every(
          (alarm, place) => alarm.name === ALARM_ROWS[place]?.[2] && alarm.on === (sent[place] !== 0) && alarm.sent === sent[place],
        );
      }),
    );
    expect(etlAlarms(new Uint8Array(length))).toHaveLength(length);
  });
});

describe('every kind', () => {
  test('of the table is known, and no other', () => {
    expect([...ETL_KINDS.keys()]).toEqual([...Object.keys(BODY_BYTES).map(Number), ...KINDS_OF_ANY_SIZE].toSorted((a, b) => a - b));
    for (let kind = 0; kind < 256; kind += 1) {
      expect(reasonOf(writeEtlMessage({ kind }, new Uint8Array(0))) === 'unknown-kind').toBe(!ETL_KINDS.has(kind));
    }
  });

  test.each(FIXED_KINDS)('%i takes %i bytes, not one more and not one less', (kind, bytes) => {
    expect(reasonOf(writeEtlMessage({ kind }, new Uint8Array(bytes)))).toBe('ok');
    expect(reasonOf(writeEtlMessage({ kind }, new Uint8Array(bytes + 1)))).toBe('wrong-length');
    expect(reasonOf(writeEtlMessage({ kind }, new Uint8Array(bytes - 1)))).toBe('wrong-length');
    expect(reasonOf(writeEtlMessage({ kind, contentLength: bytes + 1 }, new Uint8Array(bytes)))).toBe('wrong-length');
  });

  test.each(FIXED_KINDS)('%i shows each of its values under a name of its own, in their order', (kind, bytes) => {
    const sent = etlSlots(kind, bytes).map(({ type, bytes: length }, place) => {
      if (type === 'hex') return place.toString(16).padStart(length * 2, 'f');
      return type === 'text' ? String.fromCharCode(65 + place).repeat(length) : place + 1;
    });
    const fields = etlFields(kind, writeEtlBody(kind, sent, bytes));
    expect(fields.map(({ value }) => value)).toEqual(sent);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(sent.length);
    expect(fields.filter(({ name }) => name.startsWith('value_'))).toEqual([]);
  });

  test('of which no layout is known is kept as bytes', () => {
    for (const kind of KINDS_OF_ANY_SIZE) {
      const body = Buffer.from('00ff10', 'hex');
      expect(reasonOf(writeEtlMessage({ kind }, body))).toBe('ok');
      expect(reasonOf(writeEtlMessage({ kind, contentLength: 2 }, body))).toBe('wrong-length');
      expect(etlFields(kind, body)).toEqual([{ name: 'value_1', meaning: null, value: '00ff10' }]);
      expect(etlFields(kind, new Uint8Array(0))).toEqual([]);
    }
  });

  test('answers a request with one MD5, and no name behind it is shifted', () => {
    const md5 = '000102030405060708090a0b0c0d0e0f';
    const fields = etlFields(2, writeEtlBody(2, [md5, '3614BBBK4274', 7, 'gateway'], 41));
    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ['md5_reference', md5],
      ['matricola', '3614BBBK4274'],
      ['modello', 7],
      ['info_herholtd', 'gateway'],
    ]);
  });

  test('shows a text as it is, and as hex where it is none or could be taken for hex', () => {
    const shownText = (text: string) => etlFields(2, Buffer.concat([Buffer.alloc(29), Buffer.from(text, 'latin1')])).at(-1)?.value;
    expect(shownText('gate way\0\0\0\0')).toBe('gate way');
    expect(shownText('gate\0way\0\0\0\0')).toBe('0x676174650077617900000000');
    expect(shownText('0x6761746577')).toBe('0x307836373631373436353737');
  });

  test('whose body was refused is shown as far as it goes', () => {
    const cut = etlFields(45, Buffer.from('000100020003ff', 'hex')).map(({ name, value }) => [name, value]);
    expect(cut.slice(-2)).toEqual([
      ['pressure', 3],
      ['value_4', 'ff'],
    ]);
    expect(etlFields(45, new Uint8Array(13)).at(-1)).toEqual({ name: 'value_7', meaning: null, value: '00' });
  });
});

test('a time of measurement before 2000, after 2100, or that is none, is absurd; one of sending is left out', () => {
  const at = (measuredSeconds: number) => reasonOf(writeEtlMessage({ kind: 45, measuredSeconds }, new Uint8Array(12)));
  const [first, end] = [Date.UTC(2000, 0, 1) / 1000, Date.UTC(2100, 0, 1) / 1000];
  expect([first, end - 0.001].map(at)).toEqual(['ok', 'ok']);
  const absurd = [first - 0.001, end, 0, -1, 1_488_379_002_689, NaN, Infinity, -Infinity, Number.MAX_VALUE];
  expect(new Set(absurd.map(at))).toEqual(new Set(['absurd-time']));
  const unsent = readEtlMessage(writeEtlMessage({ kind: 45, sentSeconds: NaN }, new Uint8Array(12)));
  expect(unsent).toMatchObject({ ok: true, header: { sentMs: null } });
});

test('a topic has five parts that name somebody', () => {
  expect(parseEtlTopic('E/p1/3614BBBK4274/dc/A')).toEqual({
    ok: true,
    zone: 'E',
    profile: 'p1',
    sender: '3614BBBK4274',
    recipient: 'dc',
    messageClass: 'A',
  });
  const wrong = [
    '',
    'E/p/s/r',
    'E/p/s/r/A/',
    '/p/s/r/A',
    'E/p//r/A',
    'E/+/s/r/A',
    'E/p/s/r/#',
    '$SYS/p/s/r/A',
    'E/p/s\0/r/A',
    'E/p/s /r/A',
  ];
  const read = [...wrong, 'E/p/\u202Es/r/A', `E/p/${'s'.repeat(65)}/r/A`].map(parseEtlTopic);
  expect(read.filter(({ ok }) => ok)).toEqual([]);
});

/** What was taken, written again; where a number or a time cannot be the same to the bit, it is compared and taken over. */
function writtenAgain(payload: Buffer, read: ReturnType<typeof readEtlMessage> & { ok: true }): Buffer {
  const { measuredMs, sentMs, ...header } = read.header;
  const values = etlFields(header.kind, read.body).map(({ value }) => value);
  const body = writeEtlBody(header.kind, values, read.body.length);
  for (const [place, { offset, type, bytes }] of etlSlots(header.kind, body.length).entries()) {
    if (values[place] !== 'NaN') continue;
    const sent = type === 'float32' ? payload.readFloatBE(21 + offset) : payload.readDoubleBE(21 + offset);
    if (Number.isNaN(sent)) payload.copy(body, offset, 21 + offset, 21 + offset + bytes);
  }
  const [measured, sent] = [payload.readDoubleBE(1), payload.readDoubleBE(9)];
  const same = (ms: number | null, seconds: number) => (ms === null || Math.abs(seconds * 1000 - ms) <= 0.5 ? seconds : ms / 1000);
  return writeEtlMessage({ ...header, measuredSeconds: same(measuredMs, measured), sentSeconds: same(sentMs, sent) }, body);
}

test('whatever arrives is read or refused with a reason, and what was read is the very same bytes when it is written again', () => {
  const counted: Record<string, number> = {};
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const payload = strangeEtlMessage(seed);
      const read = readEtlMessage(payload);
      const outcome = read.ok ? 'ok' : read.reason;
      counted[outcome] = (counted[outcome] ?? 0) + 1;
      if (read.ok) return writtenAgain(payload, read).equals(payload);
      return read.detail !== '' && etlFields(payload[17] ?? 0, payload.subarray(21)).length >= 0 && etlAlarms(payload).length <= 21;
    }),
    { numRuns: RUNS },
  );
  // None of them is rare, or this would prove nothing.
  for (const outcome of ['ok', 'too-short', 'unknown-kind', 'wrong-length', 'absurd-time']) {
    expect(counted[outcome], outcome).toBeGreaterThan(RUNS / 200);
  }
});

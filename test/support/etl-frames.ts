// Writes ETL messages, and shares nothing with what reads them: offsets, types and names are typed from the tables of the protocol.

type Type = 'uint8' | 'uint16' | 'uint32' | 'float32' | 'float64' | 'text' | 'hex';

export interface EtlSlot {
  offset: number;
  type: Type;
  bytes: number;
}

type Row = readonly [offset: number, type: Type, name: string];

export const THREE_PHASE_ROWS: readonly Row[] = [
  [0, 'float32', 'potenza_attiva_r'],
  [4, 'float32', 'potenza_attiva_s'],
  [8, 'float32', 'potenza_attiva_t'],
  [12, 'float32', 'potenza_attiva_sum'],
  [16, 'float32', 'potenza_reattiva_r'],
  [20, 'float32', 'potenza_reattiva_s'],
  [24, 'float32', 'potenza_reattiva_t'],
  [28, 'float32', 'potenza_reattiva_sum'],
  [32, 'float32', 'potenza_apparente_r'],
  [36, 'float32', 'potenza_apparente_s'],
  [40, 'float32', 'potenza_apparente_t'],
  [44, 'float32', 'potenza_apparente_sum'],
  [48, 'float32', 'fattore_potenza_r'],
  [52, 'float32', 'fattore_potenza_s'],
  [56, 'float32', 'fattore_potenza_t'],
  [60, 'float32', 'fattore_potenza_trifase'],
  [64, 'float32', 'tensione_rn'],
  [68, 'float32', 'tensione_sn'],
  [72, 'float32', 'tensione_tn'],
  [76, 'float32', 'tensione_rs'],
  [80, 'float32', 'tensione_st'],
  [84, 'float32', 'tensione_tr'],
  [88, 'float32', 'corrente_r'],
  [92, 'float32', 'corrente_s'],
  [96, 'float32', 'corrente_t'],
  [100, 'float32', 'frequenza_rete'],
  [104, 'float64', 'energia_attiva_prelievo_r'],
  [112, 'float64', 'energia_attiva_prelievo_s'],
  [120, 'float64', 'energia_attiva_prelievo_t'],
  [128, 'float64', 'energia_attiva_prelievo_sum'],
  [136, 'float64', 'energia_attiva_immisione_r'],
  [144, 'float64', 'energia_attiva_immisione_s'],
  [152, 'float64', 'energia_attiva_immisione_t'],
  [160, 'float64', 'energia_attiva_immisione_sum'],
  [168, 'float64', 'energia_reattiva_prelievo_r'],
  [176, 'float64', 'energia_reattiva_prelievo_s'],
  [184, 'float64', 'energia_reattiva_prelievo_t'],
  [192, 'float64', 'energia_reattiva_prelievo_sum'],
  [200, 'float64', 'energia_reattiva_immissione_r'],
  [208, 'float64', 'energia_reattiva_immissione_s'],
  [216, 'float64', 'energia_reattiva_immissione_t'],
  [224, 'float64', 'energia_reattiva_immissione_sum'],
];

export const SINGLE_PHASE_ROWS: readonly Row[] = [
  [0, 'float32', 'potenza_attiva'],
  [4, 'float32', 'potenza_reattiva'],
  [8, 'float32', 'potenza_apparente'],
  [12, 'float32', 'fattore_potenza'],
  [16, 'float32', 'tensione_fase'],
  [20, 'float32', 'corrente_fase'],
  [24, 'float32', 'frequenza_rete'],
  [28, 'float64', 'energia_attiva_prelievo'],
  [36, 'float64', 'energia_attiva_immisione'],
  [44, 'float64', 'energia_reattiva_prelievo'],
  [52, 'float64', 'energia_reattiva_immissione'],
];

export const ALARM_ROWS: readonly Row[] = [
  [0, 'uint8', 'sovra_o_sotto_tensione'],
  [1, 'uint8', 'inversione_fasi'],
  [2, 'uint8', 'overflow_tensione'],
  [3, 'uint8', 'bassa_tensione'],
  [4, 'uint8', 'alta_tensione'],
  [5, 'uint8', 'alta_tensione_base10min'],
  [6, 'uint8', 'sovra_frequenza_rete'],
  [7, 'uint8', 'sotto_frequenza_rete'],
  [8, 'uint8', 'basso_fattore_potenza'],
  [9, 'uint8', 'supero_pmax_%'],
  [10, 'uint8', 'intervento_limitatore'],
  [11, 'uint8', 'corruzione_registri_energia'],
  [12, 'uint8', 'manomissione'],
  [13, 'uint8', 'problemi_rete_2g3g'],
  [14, 'uint8', 'contatore_non_riconosciuto'],
  [15, 'uint8', 'switch_user_leds'],
  [16, 'uint8', 'no_power'],
  [17, 'uint8', 'usb_removed'],
  [18, 'uint8', 'supero_pmax_contr_%'],
  [19, 'uint8', 'supero_traffico_sim1'],
  [20, 'uint8', 'supero_traffico_sim2'],
];

const BYTES = { uint8: 1, uint16: 2, uint32: 4, float32: 4, float64: 8 };
const COUNTED = '0 hex 16, 16 text 1, 17 uint8, 18 text 1, 19 uint8, 20 text 1, 21 uint8, 22 text 1, 23 uint8, 24 text 1, 25 uint8';
const POWER = '26 uint16, 28 uint8 2, 30 uint16 4, 38 uint8 2, 40 uint16 2, 44 text 3, 47 uint16';

// Offset, type, and how many of it; of text and hex how many bytes.
const OTHERS: Record<number, string> = {
  2: '0 hex 16, 16 text 12, 28 uint8, 29 text 12',
  4: '0 hex 16, 16 uint16 2, 20 uint8 2, 22 text 1, 23 text 50',
  7: `${COUNTED}, ${POWER}`,
  11:
    `${COUNTED}, ${POWER}, 49 uint8 6, 55 float32 2, 63 uint16 2, 67 uint8 2, 69 text 1, 70 text 50, ` +
    '120 hex 56, 176 hex 35, 211 hex 61',
  14: '0 hex 16, 16 hex 56, 72 hex 35, 107 hex 61',
  17: '0 hex 16, 16 float32 26, 120 float64 16',
  20: '0 hex 16, 16 float32 7, 44 float64 4',
  25: '0 hex 16, 16 float64 16',
  29: '0 hex 16, 16 uint8 21',
  31: '0 uint8 21',
  33: '0 hex 16, 16 uint8 6, 22 float32 2',
  36: '0 hex 16, 16 uint8 2',
  38: '0 hex 16, 16 uint8 3, 19 float32 3, 31 uint8, 32 uint32 2',
  39: '0 uint8 3, 3 float32 3, 15 uint8, 16 uint32 2',
  41: '0 hex 16, 16 uint8, 17 float32 2, 25 uint16 2',
  42: '0 uint8, 1 uint32 2, 9 uint16 2',
  45: '0 uint16 6',
  47: '0 hex 19',
};

/** Kind and the bytes of its body, where they are fixed. */
export const BODY_BYTES: Record<number, number> = {
  2: 41,
  4: 73,
  7: 49,
  11: 272,
  14: 168,
  17: 248,
  18: 232,
  20: 76,
  21: 60,
  25: 144,
  29: 37,
  30: 21,
  31: 21,
  33: 30,
  36: 18,
  38: 40,
  39: 24,
  41: 29,
  42: 13,
  45: 12,
  47: 19,
};

export const KINDS_OF_ANY_SIZE = [23, 27];

const SLOTS: Record<number, EtlSlot[]> = {
  18: slotsOf(THREE_PHASE_ROWS),
  21: slotsOf(SINGLE_PHASE_ROWS),
  30: slotsOf(ALARM_ROWS),
  ...Object.fromEntries(Object.entries(OTHERS).map(([kind, runs]) => [kind, runs.split(', ').flatMap(slotsOfRun)])),
};

function slotsOf(rows: readonly Row[]): EtlSlot[] {
  return rows.map(([offset, type]) => ({ offset, type, bytes: BYTES[type as keyof typeof BYTES] }));
}

function slotsOfRun(run: string): EtlSlot[] {
  const [offset, type, count = '1'] = run.split(' ') as [string, Type, string?];
  if (type === 'text' || type === 'hex') return [{ offset: Number(offset), type, bytes: Number(count) }];
  const bytes = BYTES[type];
  return Array.from({ length: Number(count) }, (_, place) => ({ offset: Number(offset) + place * bytes, type, bytes }));
}

/** Where the values of a body of that many bytes lie. */
export function etlSlots(kind: number, length: number): EtlSlot[] {
  if (KINDS_OF_ANY_SIZE.includes(kind)) return length === 0 ? [] : [{ offset: 0, type: 'hex', bytes: length }];
  return (SLOTS[kind] ?? []).filter(({ offset }) => offset < length);
}

export function writeEtlBody(kind: number, values: readonly (number | string)[], length: number): Buffer {
  const body = Buffer.alloc(length);
  for (const [place, slot] of etlSlots(kind, length).entries()) writeSlot(body, slot, values[place] ?? 0);
  return body;
}

function writeSlot(body: Buffer, { offset, type, bytes }: EtlSlot, value: number | string): void {
  switch (type) {
    case 'uint8':
      body.writeUInt8(Number(value), offset);
      return;
    case 'uint16':
      body.writeUInt16BE(Number(value), offset);
      return;
    case 'uint32':
      body.writeUInt32BE(Number(value), offset);
      return;
    case 'float32':
      body.writeFloatBE(Number(value), offset);
      return;
    case 'float64':
      body.writeDoubleBE(Number(value), offset);
      return;
    case 'hex':
      body.write(String(value), offset, bytes, 'hex');
      return;
    case 'text': {
      const shown = String(value);
      if (shown.startsWith('0x')) body.write(shown.slice(2), offset, bytes, 'hex');
      else body.write(shown, offset, bytes, 'latin1');
    }
  }
}

export interface WrittenHeader {
  apiVersion: number;
  measuredSeconds: number;
  sentSeconds: number;
  kind: number;
  contentLength: number;
  crc: number;
}

export function writeEtlMessage(header: Partial<WrittenHeader> & { kind: number }, body: Uint8Array): Buffer {
  const head = Buffer.alloc(21);
  head.writeUInt8(header.apiVersion ?? 1, 0);
  head.writeDoubleBE(header.measuredSeconds ?? 1_488_379_002.689, 1);
  head.writeDoubleBE(header.sentSeconds ?? 1_488_379_003.5, 9);
  head.writeUInt8(header.kind, 17);
  head.writeUInt16BE(header.contentLength ?? body.length, 18);
  head.writeInt8(header.crc ?? 0, 20);
  return Buffer.concat([head, body]);
}

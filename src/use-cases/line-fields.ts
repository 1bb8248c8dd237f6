import { z } from 'zod';
import { BAUD_RATES, describePlace, PARITIES, STOP_BITS, USUAL_BUS, type LinePlace } from '../domain/line-place.ts';
import type { Reach } from '../domain/permission.ts';
import { say, sayAll, SENTENCES } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { findLine, findLineAt } from '../store/lines.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { nameField, textField, wholeField } from './input.ts';

const TRANSPORTS = ['tcp', 'rtu_over_tcp', 'rtu'] as const;

function oneOf<T extends string | number>(values: readonly T[]) {
  const problem = `must be one of ${values.join(', ')}`;
  // Described whole: of a literal of several values the document would tell the first.
  return z.union(
    values.map((value) => z.literal(value)),
    problem,
  );
}

export const lineFields = {
  name: nameField(80),
  transport: oneOf(TRANSPORTS).optional(),
  host: nameField(253)
    .regex(/^[A-Za-z0-9._:-]+$/, SENTENCES.en.notAHost)
    .nullish(),
  port: wholeField(1, 65_535).nullish(),
  serialPath: textField(250)
    .regex(/^(\/dev\/(?!.*\.\.)[\w./:+-]+|COM\d{1,3})$/, SENTENCES.en.notADevice)
    .nullish(),
  baudRate: oneOf(BAUD_RATES).nullish(),
  parity: oneOf(PARITIES).nullish(),
  stopBits: oneOf(STOP_BITS).nullish(),
  timeoutMs: wholeField(50, 60_000).optional(),
  retries: wholeField(0, 10).optional(),
  pauseMs: wholeField(0, 10_000).optional(),
  keepOpen: z.boolean('must be true or false').optional(),
  poller: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, SENTENCES.en.notAPoller)
    .optional(),
};

/** The columns that say where a line is. */
export interface PlaceColumns {
  transport: LinePlace['transport'] | 'push';
  host: string | null;
  port: number | null;
  serialPath: string | null;
  baudRate: number | null;
  parity: string | null;
  stopBits: number | null;
}

const NOWHERE = { host: null, port: null, serialPath: null, baudRate: null, parity: null, stopBits: null };
const NETWORK = ['host', 'port'] as const;
const SERIAL = ['serialPath', 'baudRate', 'parity', 'stopBits'] as const;
const NEEDED = {
  host: say('hostNeeded'),
  port: say('portNeeded'),
  serialPath: say('serialPathNeeded'),
};
/** What the transport needs must be there, and what it has no use for must not: a setting that changes nothing misleads. */
export function placeColumns(given: Partial<PlaceColumns>): PlaceColumns {
  const transport = given.transport ?? 'tcp';
  if (transport === 'push') return { ...NOWHERE, transport };
  const isSerial = transport === 'rtu';
  const [own, foreign] = isSerial ? [SERIAL, NETWORK] : [NETWORK, SERIAL];
  const needed = isSerial ? (['serialPath'] as const) : NETWORK;
  const problems = {
    ...Object.fromEntries(needed.filter((field) => given[field] == null).map((field) => [field, NEEDED[field]])),
    ...Object.fromEntries(
      foreign.filter((field) => given[field] != null).map((field) => [field, say(isSerial ? 'notOnSerial' : 'onSerialOnly')]),
    ),
  };
  if (Object.keys(problems).length > 0) throw new InvalidInput(problems);
  const values = Object.fromEntries(own.flatMap((field) => (given[field] == null ? [] : [[field, given[field]]])));
  return { ...NOWHERE, ...(isSerial ? USUAL_BUS : {}), ...values, transport };
}

/** A changed line: what belonged to the transport before goes with it. */
export function changedPlace(before: PlaceColumns, wanted: Partial<PlaceColumns>): PlaceColumns {
  const transport = wanted.transport ?? before.transport;
  const isSerial = transport === 'rtu';
  const kept = Object.fromEntries((isSerial ? SERIAL : NETWORK).map((field) => [field, before[field]]));
  const differing = Object.entries(wanted).filter(([field, value]) => value !== undefined && value !== before[field as keyof PlaceColumns]);
  return placeColumns({ ...kept, ...Object.fromEntries(differing), transport });
}

export function describeColumns(columns: PlaceColumns): string {
  return columns.transport === 'push' ? 'push' : describePlace(columns as LinePlace);
}

/** One connection to one address, whatever the number of meters behind it. */
export async function refuseSecondLine(tx: Db, reach: Reach, line: PlaceColumns & { id?: number; poller: string }): Promise<void> {
  const other = await findLineAt(tx, line);
  if (other === null || other.id === line.id) return;
  const isSeen = (await findLine(tx, reach, other.id)) !== null;
  const place = describeColumns(line);
  const sentence = isSeen ? say('reachedByLine', place, other.name) : say('reachedElsewhere', place);
  const field = line.serialPath === null ? 'host' : 'serialPath';
  throw new Conflict(sayAll([sentence]), { fields: { [field]: sentence } });
}

import { z } from 'zod';
import { can, type Actor } from '../domain/permission.ts';
import { isZone } from '../domain/time-bucket.ts';
import { Conflict, Forbidden, InvalidInput } from '../errors.ts';
import type { Queues } from '../queue/queues.ts';
import {
  deleteImport,
  filesOf,
  findImport,
  insertImport,
  listImports,
  sentBytes,
  turnImport,
  writePart,
  type DataImport,
} from '../store/data-imports.ts';
import type { Database } from '../store/database.ts';
import { seen } from './access.ts';
import { newHouseFields } from './import-house.ts';
import { parseInput, textField, wholeField } from './input.ts';

export interface SentImportDeps {
  database: Pick<Database, 'prisma'>;
  queues: Pick<Queues, 'addImport'>;
}

const MOST_IMPORT_BYTES = 512 * 1024 * 1024;
/** What a page sends at once: every proxy lets it through. */
const IMPORT_PART_BYTES = 1024 * 1024;
const UNFINISHED = 5;

const megabytes = `${MOST_IMPORT_BYTES / 1024 / 1024} MB`;
const file = z.strictObject({
  name: textField(250).min(1, 'must not be empty'),
  bytes: z
    .number('must be a number')
    .int('must be a whole number')
    .min(1, 'the file is empty')
    .max(MOST_IMPORT_BYTES, `the file is larger than ${megabytes}: use "wattbook import" on the server`),
});
const zone = textField(64).refine(isZone, 'must be a zone of the IANA list, such as Europe/Berlin');

/** What each kind has to be told, in the words of its use case. */
export const IMPORT_OPTIONS = {
  readings: z.strictObject({ zone: zone.nullable().default(null), moveStart: z.boolean('must be true or false').default(false) }),
  mmetering: z.strictObject({ ...newHouseFields, clock: zone.optional() }),
} as const;
const kinds = z.enum(['readings', 'mmetering'], 'must be readings or mmetering');

export const sendImportInput = z.strictObject({
  kind: kinds,
  file,
  zone: z.string().max(64).nullable().optional().meta({ description: 'Of times without an offset; of the building that is made' }),
  clock: z.string().max(64).optional().meta({ description: 'Of a clock that knew no summer time, such as Etc/GMT-1' }),
  name: z.string().max(120).optional().meta({ description: 'Of the building that is made' }),
  moveStart: z.boolean('must be true or false').optional().meta({ description: 'Readings from before a meter came move its start' }),
});

/** Those who may change every building see all imports; others their own. */
function ownerOf(actor: Actor): number | null {
  return can(actor, 'building:change') ? null : actor.userId;
}

/** Announces a file, which then comes in parts. */
export async function sendImport({ database }: SentImportDeps, actor: Actor, input: z.input<typeof sendImportInput>): Promise<DataImport> {
  const { kind, file: sent, ...given } = parseInput(sendImportInput, input);
  const options = parseInput(IMPORT_OPTIONS[kind], Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (kind === 'mmetering' && !can(actor, 'building:change')) throw new Forbidden();
  const open = await database.prisma.dataImport.count({ where: { userId: actor.userId, state: { in: ['uploading', 'checked'] } } });
  if (open >= UNFINISHED) throw new Conflict(`You have ${open} imports that are neither stored nor discarded: end one of them first.`);
  return insertImport(database.prisma, { kind, files: [{ ...sent }], options, userId: actor.userId, actor: actor.email });
}

const partInput = z.strictObject({ importId: wholeField(1, 4_294_967_295), part: wholeField(0, MOST_IMPORT_BYTES / 1024) });

export async function sendImportPart(deps: SentImportDeps, actor: Actor, input: z.input<typeof partInput>, bytes: Buffer): Promise<void> {
  const { importId, part } = parseInput(partInput, input);
  const { prisma } = deps.database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  if (found.state !== 'uploading') throw new Conflict('This file has come as a whole already.');
  if (bytes.length === 0) throw new InvalidInput({ part: 'is empty' });
  const [announced] = filesOf(found);
  const before = (await sentBytes(prisma, importId)).get(0)?.bytes ?? 0;
  if (before + bytes.length > (announced?.bytes ?? 0) + IMPORT_PART_BYTES) throw new InvalidInput({ part: 'is more than was announced' });
  await writePart(prisma, { importId, file: 0, part }, bytes);
}

export async function checkImport({ database, queues }: SentImportDeps, actor: Actor, importId: number): Promise<DataImport> {
  const { prisma } = database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  const [announced] = filesOf(found);
  const sent = (await sentBytes(prisma, importId)).get(0);
  if (!sent?.whole || sent.bytes !== announced?.bytes) {
    throw new Conflict(
      `Of ${announced?.name} only ${sent?.bytes ?? 0} of ${announced?.bytes} bytes have come: send the rest, or the file again.`,
    );
  }
  if (!(await turnImport(prisma, importId, 'uploading', 'checking'))) throw new Conflict('This file was looked through already.');
  await queues.addImport(importId, 'check');
  return seen(await findImport(prisma, null, importId), 'This import');
}

/** Only what was looked through without an error. */
export async function storeImport({ database, queues }: SentImportDeps, actor: Actor, importId: number): Promise<DataImport> {
  const { prisma } = database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  const errors = (found.report as { problemCount?: number } | null)?.problemCount ?? 0;
  if (errors > 0) throw new Conflict('This file has errors: mend them and send it again.');
  if (!(await turnImport(prisma, importId, 'checked', 'storing')))
    throw new Conflict('Only a file that was looked through can be stored, once.');
  await queues.addImport(importId, 'store');
  return seen(await findImport(prisma, null, importId), 'This import');
}

export async function discardImport({ database }: SentImportDeps, actor: Actor, importId: number): Promise<void> {
  const { prisma } = database;
  const { state } = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  if (state === 'checking' || state === 'storing') throw new Conflict('The worker is at it: wait until it is done.');
  await deleteImport(prisma, importId);
}

export async function showImport({ database }: Pick<SentImportDeps, 'database'>, actor: Actor, importId: number): Promise<DataImport> {
  return seen(await findImport(database.prisma, ownerOf(actor), importId), 'This import');
}

export function showImports({ database }: Pick<SentImportDeps, 'database'>, actor: Actor): Promise<DataImport[]> {
  return listImports(database.prisma, ownerOf(actor));
}

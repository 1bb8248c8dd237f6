import { z } from 'zod';
import { can, type Actor } from '../domain/permission.ts';
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
import { MOST_IMPORT_BYTES, sendImportInput } from './import-kinds.ts';
import { parseInput, textField, wholeField } from './input.ts';

export interface SentImportDeps {
  database: Pick<Database, 'prisma'>;
  queues: Pick<Queues, 'addImport'>;
}

/** What a page sends at once: every proxy lets it through. */
const IMPORT_PART_BYTES = 1024 * 1024;
const UNFINISHED = 5;

/** Those who may change every building see all imports; others their own. */
function ownerOf(actor: Actor): number | null {
  return can(actor, 'building:change') ? null : actor.userId;
}

/** Announces the files, which then come in parts. */
export async function sendImport({ database }: SentImportDeps, actor: Actor, input: z.input<typeof sendImportInput>): Promise<DataImport> {
  const { kind, files, ...options } = parseInput(sendImportInput, input);
  if (kind !== 'readings' && !can(actor, 'building:change')) throw new Forbidden();
  const open = await database.prisma.dataImport.count({ where: { userId: actor.userId, state: { in: ['uploading', 'checked'] } } });
  if (open >= UNFINISHED) throw new Conflict(`You have ${open} imports that are neither stored nor discarded: end one of them first.`);
  const sent = Object.entries(files).map(([role, file]) => ({ role, ...file }));
  return insertImport(database.prisma, { kind, files: sent, options, userId: actor.userId, actor: actor.email });
}

const partInput = z.strictObject({
  importId: wholeField(1, 4_294_967_295),
  file: textField(20),
  part: wholeField(0, MOST_IMPORT_BYTES / 1024),
});

export async function sendImportPart(deps: SentImportDeps, actor: Actor, input: z.input<typeof partInput>, bytes: Buffer): Promise<void> {
  const { importId, file, part } = parseInput(partInput, input);
  const { prisma } = deps.database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  if (found.state !== 'uploading') throw new Conflict('All of it has come already.');
  if (bytes.length === 0) throw new InvalidInput({ part: 'is empty' });
  const files = filesOf(found);
  const place = files.findIndex(({ role }) => role === file);
  const announced = files[place];
  if (!announced) throw new InvalidInput({ file: `was not announced: this import has ${files.map(({ role }) => role).join(', ')}` });
  const before = (await sentBytes(prisma, importId)).get(place)?.bytes ?? 0;
  if (before + bytes.length > announced.bytes + IMPORT_PART_BYTES) throw new InvalidInput({ part: 'is more than was announced' });
  await writePart(prisma, { importId, file: place, part }, bytes);
}

export async function checkImport({ database, queues }: SentImportDeps, actor: Actor, importId: number): Promise<DataImport> {
  const { prisma } = database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  const come = await sentBytes(prisma, importId);
  for (const [place, { name, bytes }] of filesOf(found).entries()) {
    const sent = come.get(place);
    if (sent?.whole && sent.bytes === bytes) continue;
    throw new Conflict(`Of ${name} only ${sent?.bytes ?? 0} of ${bytes} bytes have come: send the rest, or the file again.`);
  }
  if (!(await turnImport(prisma, importId, 'uploading', 'checking'))) throw new Conflict('This import was looked through already.');
  await queues.addImport(importId, 'check');
  return seen(await findImport(prisma, null, importId), 'This import');
}

/** Only what was looked through without an error. */
export async function storeImport({ database, queues }: SentImportDeps, actor: Actor, importId: number): Promise<DataImport> {
  const { prisma } = database;
  const found = seen(await findImport(prisma, ownerOf(actor), importId), 'This import');
  const errors = (found.report as { problemCount?: number } | null)?.problemCount ?? 0;
  if (errors > 0) throw new Conflict('This import has errors: mend them and send it again.');
  if (!(await turnImport(prisma, importId, 'checked', 'storing'))) throw new Conflict('Only what was looked through can be stored, once.');
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

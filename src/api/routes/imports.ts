import { filesOf, type DataImport } from '../../store/data-imports.ts';
import type { ImportReport } from '../../use-cases/data-import.ts';
import { sendImportInput } from '../../use-cases/import-kinds.ts';
import {
  checkImport,
  discardImport,
  sendImport,
  sendImportPart,
  showImport,
  showImports,
  storeImport,
} from '../../use-cases/sent-import.ts';
import { route, type Route } from '../contract.ts';
import { fileBody } from '../file.ts';
import { id, idParam, time, z } from '../schema.ts';

const count = z.number().int();

const report = z
  .object({
    problems: z.array(
      z.object({
        place: z.string().openapi({ description: 'Such as `line 7`, or `topics.csv line 7` where there are several files' }),
        text: z.string(),
      }),
    ),
    problemCount: count.openapi({ description: 'Also of those that are not in the list' }),
    notes: z.array(z.string()),
    made: z.array(z.string()),
    meters: z.array(
      z.object({
        serial: z.string(),
        place: z.string(),
        zone: z.string(),
        readings: count,
        fresh: count,
        from: z.string(),
        to: z.string(),
      }),
    ),
  })
  .openapi('DataImportReport');

const dataImport = z
  .object({
    id,
    kind: z.string(),
    files: z.array(z.object({ role: z.string(), name: z.string(), bytes: count })),
    state: z.enum(['uploading', 'checking', 'checked', 'storing', 'done', 'failed']),
    step: z.string(),
    progress: count,
    problem: z.string(),
    report: report.nullable(),
    buildingId: id.nullable(),
    actor: z.string(),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .openapi('DataImport');

function toImport(row: DataImport): z.input<typeof dataImport> {
  return { ...row, files: filesOf(row), report: row.report as unknown as ImportReport | null };
}

const tags: [string] = ['imports'];
const params = z.object({ importId: idParam });

export const importRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/imports',
    name: 'showImports',
    summary: 'The last imports of old data, newest first',
    tags,
    permission: 'building:change',
    response: z.object({ items: z.array(dataImport) }),
    handler: async ({ deps, actor }) => ({ items: (await showImports(deps, actor)).map(toImport) }),
  }),
  route({
    method: 'post',
    path: '/imports',
    name: 'sendImport',
    summary: 'Announces the files of old data, each by its role; they then come in parts',
    tags,
    permission: 'building:change',
    body: sendImportInput,
    response: dataImport,
    status: 201,
    handler: async ({ deps, actor, body }) => toImport(await sendImport(deps, actor, body)),
  }),
  route({
    method: 'post',
    path: '/imports/parts',
    name: 'sendImportPart',
    summary: 'A part of one of the files, at most a megabyte; one that is sent again replaces itself',
    tags,
    permission: 'building:change',
    query: z.object({
      importId: idParam,
      file: z.string().max(20).openapi({ description: 'Its role, such as `data`' }),
      part: z
        .string()
        .regex(/^\d{1,6}$/, 'must be a number from 0')
        .transform(Number)
        .openapi({ description: 'Counted from 0 in each file' }),
    }),
    body: fileBody,
    handler: ({ deps, actor, query, body }) => sendImportPart(deps, actor, query, body),
  }),
  route({
    method: 'get',
    path: '/imports/:importId',
    name: 'showImport',
    summary: 'How far it is, what it would make, and every error',
    tags,
    permission: 'building:change',
    params,
    response: dataImport,
    handler: async ({ deps, actor, params: { importId } }) => toImport(await showImport(deps, actor, importId)),
  }),
  route({
    method: 'post',
    path: '/imports/:importId/check',
    name: 'checkImport',
    summary: 'Looks through what came; nothing is stored',
    tags,
    permission: 'building:change',
    params,
    response: dataImport,
    status: 202,
    handler: async ({ deps, actor, params: { importId } }) => toImport(await checkImport(deps, actor, importId)),
  }),
  route({
    method: 'post',
    path: '/imports/:importId/store',
    name: 'storeImport',
    summary: 'Stores what was looked through: all of it or nothing',
    tags,
    permission: 'building:change',
    params,
    response: dataImport,
    status: 202,
    handler: async ({ deps, actor, params: { importId } }) => toImport(await storeImport(deps, actor, importId)),
  }),
  route({
    method: 'delete',
    path: '/imports/:importId',
    name: 'discardImport',
    summary: 'Forgets what was sent; what was stored of it stays',
    tags,
    permission: 'building:change',
    params,
    handler: ({ deps, actor, params: { importId } }) => discardImport(deps, actor, importId),
  }),
];
